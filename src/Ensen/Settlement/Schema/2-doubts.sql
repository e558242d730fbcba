-- What the bank has said twice and differently of one line: not paid, and later paid. Until somebody has asked it, nothing of that settlement
-- is paid by itself.
create table pay_out_doubt (
  settlement uuid not null,
  attempt bigint not null,
  file uuid not null,
  line integer not null,
  at_ms bigint not null,
  cleared_by text,
  cleared_ms bigint,
  primary key (settlement, attempt)
) /*sqlite: without rowid*/;

create index pay_out_doubt_open on pay_out_doubt (at_ms) where cleared_ms is null;
