-- Idempotency keys: a caller's key, the hash of what was asked, and the answer that was given. Kept at least 400 days.
-- entry_id: the entry with which a key was used up; null for a refusal and for a charge, whose own row names its key. The entry is
-- sealed with its keys (docs/receipts.md).
create table idempotency_key (
  caller uuid not null,
  key text not null,
  request_hash bytea not null,
  answer text,
  at_ms bigint not null,
  entry_id uuid,
  primary key (caller, key)
) /*sqlite: without rowid*/;

-- Work for the outside world, written in the transaction that decided it, done after it, at least once, with its own id. State: 1 waiting,
-- 2 ended; what ended keeps nothing of what it said. failures: how often in a row; what keeps failing is tried less often, and shown.
create table outbox (
  id uuid primary key,
  kind text not null,
  body text not null,
  state smallint not null,
  attempts integer not null,
  due_ms bigint not null,
  created_ms bigint not null,
  ended_ms bigint,
  last_error text,
  failures integer not null default 0
);

create index outbox_due on outbox (due_ms) where state = 1;
create index outbox_due_of on outbox (kind, due_ms) where state = 1;
create index outbox_ended on outbox (ended_ms) where state = 2;

-- Small facts of the installation: the sandbox clock, the last business day that was closed.
create table setting (
  name text primary key,
  value text not null
);

-- Keys with which pages protect forms and cookies; shared by all nodes.
create table data_protection_key (
  name text primary key,
  xml text not null
);

-- Work that is done again and again, by one node at a time: until lease_ms by this node. attempts: since it last went well.
create table job (
  name text primary key,
  due_ms bigint not null,
  lease_ms bigint not null,
  node uuid not null,
  last_ok_ms bigint,
  last_error text,
  attempts integer not null
);
