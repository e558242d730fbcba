-- How often in a row a piece failed: what keeps failing is tried less often, and shown.
alter table outbox add column failures integer not null default 0;

-- Each kind is looked for by itself; and what was done, to be forgotten.
create index outbox_due_of on outbox (kind, due_ms) where state = 1;
create index outbox_ended on outbox (ended_ms) where state = 2;

-- What was done keeps nothing of what it said.
update outbox set body = '' where state = 2;
