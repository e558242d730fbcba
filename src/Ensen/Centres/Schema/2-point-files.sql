-- A file of awards that a point till gave while it was offline, known by its digest. state: 1 accepted and being booked, 2 refused whole,
-- 3 booked. content: what is to be booked, until it is. refused: the lines that were wrong, as JSON.
create table point_file (
  id uuid primary key,
  centre_id uuid not null,
  till_id uuid not null,
  digest bytea not null,
  state smallint not null,
  lines integer not null,
  amount_yen bigint not null,
  content text,
  refused text not null,
  at_ms bigint not null,
  booked_ms bigint
);

create unique index point_file_digest on point_file (centre_id, digest);

-- A receipt of an accepted file: no other file of the centre may ever have it.
create table point_file_receipt (
  centre_id uuid not null,
  receipt text not null,
  file_id uuid not null,
  primary key (centre_id, receipt)
) /*sqlite: without rowid*/;
