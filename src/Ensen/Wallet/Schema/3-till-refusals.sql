-- The last refusal at a till of a code that a session showed: read by that phone in the minute after, and nothing that the books know of.
create table till_refusal (
  session_id uuid primary key,
  at_ms bigint not null,
  reason smallint not null,
  amount_yen bigint not null,
  store_id uuid not null
) /*sqlite: without rowid*/;
