-- What a member set up so that the wallet is charged by itself. state: 1 on, 2 off, 3 stopped by us (why: reason). month, month_yen: what was
-- charged in that month (yyyymm). charge_key: the charge that is under way, with its amount and month; at most one is. least_yen: after a
-- charge that left the wallet below, the next one is not before it holds less than this. rest_ms: nothing is tried before.
create table auto_charge (
  member uuid primary key,
  state smallint not null,
  reason text,
  below_yen bigint not null,
  amount_yen bigint not null,
  per_month_yen bigint not null,
  changed_ms bigint not null,
  month integer not null,
  month_yen bigint not null,
  charge_key text,
  charge_yen bigint not null,
  charge_month integer not null,
  least_yen bigint,
  rest_ms bigint not null
);

create index auto_charge_on on auto_charge (state, member);
