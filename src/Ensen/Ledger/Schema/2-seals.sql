-- What proves history: under each committed batch a seal over its entries, chained to the one before in its lane (docs/receipts.md).
-- leaves: 32 random bytes from which the salts of its entries are made; then for each entry, in the order of ids, its id and its
-- leaf hash (48 bytes).
create table seal (
  lane smallint not null,
  number bigint not null,
  at_ms bigint not null,
  entries integer not null,
  root bytea not null,
  previous bytea not null,
  hash bytea not null,
  leaves bytea not null,
  primary key (lane, number)
);

-- The root of each business day on which something was sealed: the tree over its seals, chained to the day before. No two days may
-- follow the same one: whichever node closes a day first has closed it.
create table day_root (
  day integer primary key,
  seals bigint not null,
  tree bytea not null,
  previous bytea not null unique,
  root bytea not null,
  closed_ms bigint not null
);

-- Which stretch of each lane a day covers, and the roots over each 4,096 of its seals (a subtree of the day's tree each).
create table day_lane (
  day integer not null,
  lane smallint not null,
  first_number bigint not null,
  last_number bigint not null,
  primary key (day, lane)
);

-- Which day covers a seal, and where a lane's last day ended.
create index day_lane_end on day_lane (lane, last_number);

create table day_span (
  day integer not null,
  number integer not null,
  root bytea not null,
  primary key (day, number)
);
