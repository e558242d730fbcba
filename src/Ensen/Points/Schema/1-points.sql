-- What campaign points can be spent on. Lots name it in their term (docs/chart-of-accounts.md), so a row never changes and none goes.
create table point_use (
  number integer primary key,
  name text not null,
  english_name text not null,
  made_ms bigint not null
);

-- Kind: 1 store, 2 reward, 3 charging a transit card. Place: its id, or all zeros for everything of that kind.
create table point_use_place (
  number integer not null,
  kind smallint not null,
  place uuid not null,
  primary key (number, kind, place)
) /*sqlite: without rowid*/;

-- Lots by kind and by the day they lapse: the terms of one kind sort by day, those of two kinds do not.
drop index account_lapse;

create index account_lapse on account (account_type, term, owner) where term > 0;
