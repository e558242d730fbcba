-- Money that a member takes to a bank account of their own, as it was set aside; it commits with its entry and never changes. token: the
-- bank's own name for the account, as it was linked then.
create table withdrawal (
  entry_id uuid primary key,
  member uuid not null,
  bank_account uuid not null,
  token text not null,
  bank_name text not null,
  last_four text not null,
  amount_yen bigint not null,
  at_ms bigint not null
);

create index withdrawal_member on withdrawal (member, entry_id);

-- What the bank said of it first. how: 1 it paid, 2 it refused, and the money went back.
create table withdrawal_end (
  entry_id uuid primary key,
  withdrawal uuid not null unique,
  amount_yen bigint not null,
  how smallint not null,
  reason text,
  at_ms bigint not null
);

-- That the bank said the contrary later. how: 3 what it had paid came back, 4 the same and there was no room for it, 5 it paid after all.
create table withdrawal_contradiction (
  entry_id uuid primary key,
  withdrawal uuid not null unique,
  amount_yen bigint not null,
  how smallint not null,
  reason text,
  at_ms bigint not null
);
