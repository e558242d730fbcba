-- Money that a member asks another one for. state: 1 open, 2 paid, 3 withdrawn by the asker, 4 declined by the payer. split: the bill that it is a
-- share of; payment: the transfer that paid it.
create table money_request (
  id uuid primary key,
  asker uuid not null,
  payer uuid not null,
  amount_yen bigint not null,
  note text,
  split uuid,
  at_ms bigint not null,
  state smallint not null,
  ended_ms bigint,
  payment uuid,
  reminded_ms bigint
);

create index money_request_payer on money_request (payer, id);
create index money_request_asker on money_request (asker, id);
create index money_request_split on money_request (split) where split is not null;

-- A bill that was split into so many shares: the whole of it, and what the asker pays. Shares of who has left are gone.
create table money_split (
  id uuid primary key,
  asker uuid not null,
  total_yen bigint not null,
  own_yen bigint not null,
  shares integer not null,
  note text,
  at_ms bigint not null
);

create index money_split_asker on money_split (asker);

-- That a transfer paid a request; it commits with its entry and never changes.
create table request_payment (
  entry_id uuid primary key,
  request uuid not null unique
);
