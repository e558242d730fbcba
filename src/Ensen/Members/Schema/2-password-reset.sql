-- A member who forgot the password was mailed a link. Only the token's hash is kept; one use, and it lapses. asked: the outbox's row of the request,
-- which is answered once.
create table password_reset (
  id uuid primary key,
  token_hash bytea not null unique,
  member uuid not null,
  asked uuid not null unique,
  created_ms bigint not null,
  expires_ms bigint not null,
  used_ms bigint
);

create index password_reset_member on password_reset (member);
create index password_reset_expires on password_reset (expires_ms);
