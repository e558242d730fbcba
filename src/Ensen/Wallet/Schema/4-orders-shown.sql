-- Which till shows a code for an order, so that whoever scans it pays at that till. Kept for a day, which is longer than any code lives.
create table order_shown (
  store_id uuid not null,
  order_id text not null,
  till_id uuid not null,
  at_ms bigint not null,
  primary key (store_id, order_id)
) /*sqlite: without rowid*/;

create index order_shown_at on order_shown (at_ms);
