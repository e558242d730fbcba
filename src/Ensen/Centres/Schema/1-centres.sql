-- A shopping centre whose point tills give points and take them. number: eight digits that staff type to sign a point till in.
create table centre (
  id uuid primary key,
  name text not null,
  number text not null,
  pin_hash text,
  created_ms bigint not null
);

create unique index centre_number on centre (number);

create table point_till (
  centre_id uuid not null,
  id uuid not null,
  name text not null,
  created_ms bigint not null,
  primary key (centre_id, id)
);

-- The number that a member shows to earn and for nothing else: drawn at random, the same for as long as its member stays.
create table member_code (
  code text primary key,
  member_id uuid not null,
  created_ms bigint not null
);

create unique index member_code_member on member_code (member_id);

-- Points given at a centre; the row commits with its entry and never changes. via: 1 member's number, 2 shown code, 3 point card.
create table point_award (
  entry_id uuid primary key,
  centre_id uuid not null,
  till_id uuid not null,
  member_id uuid not null,
  receipt text not null,
  at_ms bigint not null,
  amount_yen bigint not null,
  points bigint not null,
  balance_after bigint not null,
  via smallint not null
) /*sqlite: without rowid*/;

create unique index point_award_receipt on point_award (centre_id, receipt);
create index point_award_day on point_award (centre_id, at_ms);

-- Points taken at a centre.
create table point_spending (
  entry_id uuid primary key,
  centre_id uuid not null,
  till_id uuid not null,
  member_id uuid not null,
  receipt text not null,
  at_ms bigint not null,
  points bigint not null,
  balance_after bigint not null
) /*sqlite: without rowid*/;

create unique index point_spending_receipt on point_spending (centre_id, receipt);
create index point_spending_day on point_spending (centre_id, at_ms);

-- An award or a spending that was cancelled, whole and once. points: taken back (negative) or given back (positive); withheld_yen: what
-- the centre keeps of the customer's money because the points had been spent.
create table point_cancellation (
  entry_id uuid primary key,
  cancels uuid not null,
  centre_id uuid not null,
  till_id uuid not null,
  member_id uuid not null,
  at_ms bigint not null,
  points bigint not null,
  withheld_yen bigint not null,
  balance_after bigint not null
) /*sqlite: without rowid*/;

create unique index point_cancellation_of on point_cancellation (cancels);
create index point_cancellation_day on point_cancellation (centre_id, at_ms);
