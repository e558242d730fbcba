-- A member. The address is null after its owner said "that is not me"; the hash is null when there is no password.
create table member (
  id uuid primary key,
  name text not null,
  email text,
  telephone text,
  password_hash text,
  security_stamp text not null,
  verified boolean not null,
  mail_confirmed boolean not null,
  language text not null,
  theme text not null,
  created_ms bigint not null
);

-- Whose an e-mail address is: its own table, so that it is unique wherever its member's row lives.
create table member_email (
  email_key text primary key,
  member uuid not null
);

-- Links sent by mail. Only the hash is kept; one use, and they lapse.
create table mail_token (
  token_hash bytea primary key,
  member uuid not null,
  email_key text not null,
  created_ms bigint not null,
  expires_ms bigint not null,
  used_ms bigint
);

create index mail_token_member on mail_token (member);

-- One row a signed-in device. Owner: the member (kind 1), the store of a till (2), the merchant (3). Never lapses when expires_ms is null.
-- by_person: a person typed a secret to open the session: with its token nobody passes for a program.
create table session (
  token_hash bytea primary key,
  id uuid not null,
  kind smallint not null,
  owner uuid not null,
  till uuid,
  device text not null,
  created_ms bigint not null,
  seen_ms bigint not null,
  expires_ms bigint,
  ended_ms bigint,
  by_person boolean not null default false
);

create index session_owner on session (owner, kind);

-- Guesses at a secret, counted in windows; who is a hash (an address, an account), what says which secret.
-- next_ms: when the next try may be made, where tries are delayed and not locked out.
create table attempt (
  what text not null,
  who bytea not null,
  count integer not null,
  since_ms bigint not null,
  next_ms bigint not null default 0,
  primary key (what, who)
);

create index attempt_since on attempt (since_ms);

-- Addresses from which mail came back. An address is kept as a hash; of the server's answer only its code (RFC 3463), for its text names people.
create table mail_bounce (
  address_hash bytea primary key,
  code text not null,
  at_ms bigint not null
);
