-- A payment's own row; it commits with its entry and never changes. What became of it is in its refunds.
create table payment (
  entry_id uuid primary key,
  member_id uuid not null,
  store_id uuid not null,
  at_ms bigint not null,
  amount_yen bigint not null,
  points bigint not null,
  points_earned bigint not null,
  way smallint not null,
  order_id text
) /*sqlite: without rowid*/;

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

-- A transfer between members.
create table transfer (
  entry_id uuid primary key,
  from_member uuid not null,
  to_member uuid not null,
  at_ms bigint not null,
  amount_yen bigint not null,
  note text
);

-- Codes shown by members; of the digits only a hash.
create table shown_code (
  id uuid primary key,
  digits_hash bytea not null unique,
  member_id uuid not null,
  session_id uuid not null,
  points_to_use bigint not null,
  made_ms bigint not null,
  expires_ms bigint not null
);

create index shown_code_lapsed on shown_code (expires_ms);

create unique index charge_entry on charge (entry_id);
create unique index payment_order on payment (store_id, order_id) where order_id is not null;
create index refund_store on refund (store_id, entry_id);
