-- The entry with which a key was used up; null for a refusal and for a charge, whose own row names its key. The entry is sealed with it (docs/receipts.md).
alter table idempotency_key add column entry_id uuid;
