-- What customers had a claim to when a day in Japan was over, written when it is over. A day without entries has no row: it ended as
-- the last one before it did. until: the first id of the day after.
create table closed_day (
  day integer primary key,
  until uuid not null,
  closed_ms bigint not null
);

-- Of which accounts it is made up. Who owes us is not set off against whom we owe.
create table closed_claim (
  day integer not null,
  account_type smallint not null,
  amount_yen bigint not null,
  primary key (day, account_type)
) /*sqlite: without rowid*/;

-- Who held more then than the law lets pass unseen, by what.
create table closed_holding (
  day integer not null,
  holder uuid not null,
  money_yen bigint not null,
  prepaid_yen bigint not null,
  on_its_way_yen bigint not null,
  primary key (day, holder)
) /*sqlite: without rowid*/;
