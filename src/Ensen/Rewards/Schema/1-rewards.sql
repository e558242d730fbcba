-- What points are exchanged for. made: pieces there ever were; stock: those that are left. worth_yen: of one piece, as its partner sells it.
-- use_on (yyyymmdd): it is for that day, and sold until the day before. ended_ms: it is offered no more.
create table reward (
  id uuid primary key,
  title text not null,
  english_title text not null,
  points bigint not null,
  yen bigint not null,
  worth_yen bigint not null,
  made bigint not null,
  stock bigint not null,
  use_on integer,
  created_ms bigint not null,
  ended_ms bigint
);

-- An order's own row; it commits with its entry and never changes. title: as it was called when it was ordered.
create table reward_order (
  entry_id uuid primary key,
  member_id uuid not null,
  reward_id uuid not null,
  title text not null,
  quantity integer not null,
  points bigint not null,
  yen bigint not null,
  use_on integer not null,
  at_ms bigint not null
);

create index reward_order_member on reward_order (member_id, entry_id);

-- What the order's return gave back; it commits with its entry and never changes. Points whose lots had lapsed are among them.
create table reward_return (
  entry_id uuid primary key,
  order_id uuid not null unique,
  points bigint not null,
  yen bigint not null,
  reason text not null
);

-- How an order stands at its partner. State: 1 ordered, 2 issued, 3 used, 4 being cancelled, 5 cancelled. reason: why it was cancelled.
create table reward_fulfilment (
  order_id uuid primary key,
  state smallint not null,
  reason text,
  changed_ms bigint not null
);

-- What a member collects points for besides a number: points is the member's goal for which this was said. said: the milestone in per cent that the
-- member was last told of.
create table goal (
  member uuid primary key,
  points bigint not null,
  reward uuid,
  title text not null,
  said smallint not null,
  set_ms bigint not null
);
