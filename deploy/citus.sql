-- Distributes Ensen's hot tables over a Citus cluster. Run once, on the coordinator, as the owner of the database, after `-- migrate` and before
-- the first payment (distributing a full table copies it under a lock):
--
--   create extension citus;
--   select citus_set_coordinator_host('coordinator', 5432);
--   select citus_add_node('worker-1', 5432);            -- once a worker
--   psql -v ON_ERROR_STOP=1 -f deploy/citus.sql
--
-- Ensen then connects to the coordinator as to any PostgreSQL. docs/operating/scale.md says how each hot statement is planned, and what was tried.

begin;

-- A batch touches most shards. Few and large: about two for each core of the workers.
set local citus.shard_count = 12;

-- Unique keys must contain the column by which a table is distributed. These two cannot; both are guarded elsewhere as well:
-- an order of a store by its once-only key (TakePayment.OrderKey), a refund's entry by the primary key of entry.
drop index payment_order;
create index payment_order on payment (store_id, order_id) where order_id is not null;
drop index refund_entry;
create index refund_entry on refund (entry_id);

-- What belongs to somebody lies with its owner.
select create_distributed_table('account', 'owner', colocate_with => 'none');
select create_distributed_table('posting', 'owner', colocate_with => 'account');
select create_distributed_table('spending_limit', 'owner', colocate_with => 'account');
select create_distributed_table('restriction', 'subject', colocate_with => 'account');
select create_distributed_table('idempotency_key', 'caller', colocate_with => 'account');
select create_distributed_table('single_use', 'subject', colocate_with => 'account');
select create_distributed_table('carried', 'owner', colocate_with => 'account');

-- What belongs to an entry lies with it.
select create_distributed_table('entry', 'id', colocate_with => 'none');
select create_distributed_table('payment', 'entry_id', colocate_with => 'entry');
select create_distributed_table('transfer', 'entry_id', colocate_with => 'entry');
select create_distributed_table('refund', 'payment_id', colocate_with => 'entry');

-- A lane's chain of seals lies together.
select create_distributed_table('seal', 'lane', colocate_with => 'none');

-- Small, read with payments, seldom written: a copy on every worker.
select create_reference_table('merchant');
select create_reference_table('store');
select create_reference_table('detached_month');

commit;

-- Everything else (members, sessions, charges, the outbox, settings) stays on the coordinator: it is asked by key, a few times a payment at most.

-- Two updates of different rows do not disturb each other here: each is a compare-and-set by row, and the counts of changed rows are checked.
-- verify joins postings to entries, which lie apart; it may take its time.
do $$
begin
  execute format('alter database %I set citus.all_modifications_commutative = on', current_database());
  execute format('alter database %I set citus.enable_repartition_joins = on', current_database());
end $$;
