-- A member was told by mail that points lapse after that day (yyyymmdd), so many days before or less: 60, 30 or 7.
create table lapse_told (
  member uuid not null,
  last_day integer not null,
  days smallint not null,
  at_ms bigint not null,
  primary key (member, last_day)
) /*sqlite: without rowid*/;
