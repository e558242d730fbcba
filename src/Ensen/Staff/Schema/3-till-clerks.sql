-- Who is at a till, from when on; clerk, a shop account, is null where nobody is any more. The last row before a moment holds then.
create table till_clerk (
  till uuid not null,
  from_ms bigint not null,
  clerk uuid,
  primary key (till, from_ms)
) /*sqlite: without rowid*/;
