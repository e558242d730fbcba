-- History may be taken away by month, the oldest first (docs/operating/months.md). What stays is which months are away and how much was
-- in them, and what their postings add to each account: so every balance is still the sum of its postings.
create table detached_month (
  month integer primary key,
  until uuid not null,
  entries bigint not null,
  postings bigint not null,
  detached_ms bigint not null
);

create table carried (
  owner uuid not null,
  account_type smallint not null,
  term integer not null,
  amount bigint not null,
  primary key (owner, account_type, term)
) /*sqlite: without rowid*/;
