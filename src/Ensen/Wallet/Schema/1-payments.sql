-- A payment's own row; it commits with its entry and never changes. What became of it is in its refunds. till_id: the till that took it.
create table payment (
  entry_id uuid primary key,
  member_id uuid not null,
  store_id uuid not null,
  at_ms bigint not null,
  amount_yen bigint not null,
  points bigint not null,
  points_earned bigint not null,
  way smallint not null,
  till_id uuid,
  order_id text
) /*sqlite: without rowid*/;

create unique index payment_order on payment (store_id, order_id) where order_id is not null;

-- The n-th refund of a payment. Amounts are positive: yen and points given back, points taken back.
create table refund (
  payment_id uuid not null,
  number integer not null,
  entry_id uuid not null,
  member_id uuid not null,
  store_id uuid not null,
  at_ms bigint not null,
  amount_yen bigint not null,
  yen bigint not null,
  points bigint not null,
  points_taken_back bigint not null,
  reason text,
  primary key (payment_id, number)
);

create unique index refund_entry on refund (entry_id);
create index refund_store on refund (store_id, entry_id);

-- A transfer between members.
create table transfer (
  entry_id uuid primary key,
  from_member uuid not null,
  to_member uuid not null,
  at_ms bigint not null,
  amount_yen bigint not null,
  note text
);
