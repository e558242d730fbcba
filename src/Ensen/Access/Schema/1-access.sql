-- One row a signed-in device. Kind and subject: who signed in, a member (1), a till (2), a merchant (3), an operator (4), a shop account (6). Owner: whose accounts and rows the
-- session acts on, the store of a till, else the subject. Assurance: 1 the token was issued, 2 a PIN was typed, 3 a password. Never lapses when
-- expires_ms is null.
create table session (
  token_hash bytea primary key,
  id uuid not null,
  kind smallint not null,
  subject uuid not null,
  owner uuid not null,
  assurance smallint not null,
  device text not null,
  created_ms bigint not null,
  seen_ms bigint not null,
  expires_ms bigint,
  ended_ms bigint
);

create index session_subject on session (subject, kind);

-- What somebody proves who they are by. Kind: 1 the password of a member, 2 the PIN that signs a store's tills in, 3 the PIN that refunds there.
-- Only the hash is kept; the stamp changes whenever the hash does.
create table credential (
  owner uuid not null,
  kind smallint not null,
  hash text not null,
  stamp text not null,
  set_ms bigint not null,
  primary key (owner, kind)
);

-- A session's person is asked to prove again who they are, for one purpose, in one way (1 password, 2 call, 3 passkey, 4 authenticator, 5 recovery
-- code). asks: what for, where that is not always the same (the number to dial). answered_ms: the one answer was taken; failed_ms, passed_ms: it
-- was wrong, right. One that is older than expires_ms is answered no more. Passed on a page (on_page) it counts for its session and purpose until
-- expires_ms; another is used once (used_ms).
create table challenge (
  id uuid primary key,
  session uuid not null,
  purpose text not null,
  method smallint not null,
  asks text,
  on_page boolean not null,
  created_ms bigint not null,
  expires_ms bigint not null,
  answered_ms bigint,
  failed_ms bigint,
  passed_ms bigint,
  used_ms bigint
);

create index challenge_session on challenge (session);
create index challenge_created on challenge (created_ms);

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

-- The authenticator app of a member or of somebody on the staff: its secret, protected by the keys of data_protection_key, and the step of time of the last code taken.
create table authenticator (
  owner uuid primary key,
  protected_secret bytea not null,
  step bigint not null,
  set_ms bigint not null
);

-- Codes that a member wrote down. Only the hash is kept; each is used once, and new ones take the place of all.
create table recovery_code (
  owner uuid not null,
  number smallint not null,
  hash bytea not null,
  made_ms bigint not null,
  used_ms bigint,
  primary key (owner, number)
);
