-- A human being who works for the programme.
create table person (
  id uuid primary key,
  name text not null,
  created_ms bigint not null
);

-- An account of a person. roles: the sum of 1 support, 2 security, 4 corrections, 8 staff, 16 audit. state: 1 waits for a second person, 2 invited,
-- 3 active, 4 dismissed. invited_by, approved_by: persons; null when a command invited. link_hash: of the one-time link, until it is used or lapses.
-- What an account proves who it is by stands where members' stands: credential, authenticator, passkey.
create table operator_account (
  id uuid primary key,
  person uuid not null,
  sign_in_name text not null unique,
  roles integer not null,
  state smallint not null,
  invited_by uuid,
  invited_ms bigint not null,
  approved_by uuid,
  approved_ms bigint,
  link_hash bytea,
  link_until_ms bigint,
  dismissed_by uuid,
  dismissed_ms bigint
);

create index operator_account_person on operator_account (person);
create unique index operator_account_link on operator_account (link_hash);

-- Who looked at or changed what, when and why. Rows are only added, numbered from 1 without a gap; each holds the hash of the one before, and its own
-- over all its columns. Operator and person are null where a command acted for nobody. through: 1 signed in, 2 a command.
create table operator_log (
  number bigint primary key,
  at_ms bigint not null,
  act smallint not null,
  operator uuid,
  person uuid,
  through smallint not null,
  subject text,
  reason text,
  detail text,
  previous bytea not null,
  hash bytea not null
);

create index operator_log_by on operator_log (operator, at_ms);
create index operator_log_at on operator_log (at_ms);

-- The last row of the log. Whoever adds one changes this first, so that they follow each other.
create table operator_log_head (
  id smallint primary key,
  number bigint not null,
  hash bytea
);
