-- Charges of wallets. Unlike a payment, a charge lives through time: requested, then completed or failed, exactly once.
-- reserved_yen: what is kept free for it in the caps; counts_on: the day (yyyymmdd) whose cap it uses, 0 when it is outside the caps.
create table charge (
  id uuid primary key,
  member_id uuid not null,
  idempotency_key text,
  source smallint not null,
  account_type smallint not null,
  state smallint not null,
  asked_yen bigint not null,
  reserved_yen bigint not null,
  counts_on integer not null,
  credited_yen bigint not null,
  suspense_yen bigint not null,
  reason text,
  entry_id uuid,
  at_ms bigint not null,
  ended_ms bigint
);

create index charge_of_member on charge (member_id, at_ms);
create unique index charge_key on charge (member_id, idempotency_key);

-- The charges whose outcome is not known are looked at every few seconds; there are few of them among many that ended.
create index charge_unknown on charge (at_ms) where state = 1;
create unique index charge_entry on charge (entry_id);
