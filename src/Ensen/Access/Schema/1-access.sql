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
