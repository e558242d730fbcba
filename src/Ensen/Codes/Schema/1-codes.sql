-- Codes shown by members; of the digits only a hash.
create table shown_code (
  id uuid primary key,
  digits_hash bytea not null unique,
  member_id uuid not null,
  session_id uuid not null,
  points_to_use bigint not null,
  made_ms bigint not null,
  expires_ms bigint not null
);

create index shown_code_lapsed on shown_code (expires_ms);
