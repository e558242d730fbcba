-- A sign-in that waits for its next step: whoever has its token has shown one thing (began 1: the password, 2: a link from the mail to the confirmed
-- address), and is to show another before a session is opened or another password is set. Only the token's hash is kept. account: the address by
-- which guesses are counted; is_known: the member has signed in on the device before; stamp: the password's when it was looked at; cause: the link's
-- row; proven_ms: when what was asked for was shown; ended_ms: it opened a session, or set a password, and does so once. Its challenges name it as
-- their session.
create table pending_sign_in (
  id uuid primary key,
  token_hash bytea not null unique,
  kind smallint not null,
  subject uuid not null,
  began smallint not null,
  account text not null,
  device text not null,
  is_known boolean not null,
  stamp text,
  cause uuid,
  created_ms bigint not null,
  expires_ms bigint not null,
  proven_ms bigint,
  ended_ms bigint
);

create index pending_sign_in_subject on pending_sign_in (subject, kind);
create index pending_sign_in_expires on pending_sign_in (expires_ms);
