-- The account of a company: people sign in at its merchant's desk, which may have no store. number: the account's at our bank and on every form.
create table business (
  id uuid primary key,
  merchant uuid not null unique,
  number text not null unique,
  opened_ms bigint not null
);

-- Whom a company may pay: named by one of its people, confirmed by another one. Of two at once one remains; who was taken out may be named again.
create table business_payee (
  id uuid primary key,
  business uuid not null,
  payee uuid not null,
  added_by uuid not null,
  added_ms bigint not null,
  confirmed_by uuid,
  confirmed_ms bigint,
  removed_by uuid,
  removed_ms bigint
);

create unique index business_payee_once on business_payee (business, payee) where removed_ms is null;

-- state: 1 waits for a second person, 2 paid, 3 refused by another person, 4 withdrawn by whoever made it, 5 lapsed because nobody said yes.
-- digest: of the rows of the file that it was made of. follows: the transfer that was made of the same rows before, where somebody wanted it again.
create table business_transfer (
  id uuid primary key,
  business uuid not null,
  total_yen bigint not null,
  line_count integer not null,
  request uuid,
  file uuid,
  digest bytea,
  follows uuid,
  made_by uuid not null,
  made_ms bigint not null,
  state smallint not null,
  decided_by uuid,
  decided_ms bigint,
  entry_id uuid
);

create index business_transfer_business on business_transfer (business, id);
create unique index business_transfer_request on business_transfer (request) where request is not null and state in (1, 2);
create unique index business_transfer_digest on business_transfer (business, digest, coalesce(follows, business)) where digest is not null and state in (1, 2);
create index business_transfer_waiting on business_transfer (made_ms) where state = 1;

create table business_transfer_line (
  transfer uuid not null,
  line integer not null,
  payee uuid not null,
  amount_yen bigint not null,
  text text not null,
  primary key (transfer, line)
);

-- What a transfer paid, line by line; it commits with its entry and never changes. approved_by: null where one person was enough, and alone_yen is up to how
-- much that was then.
create table business_payment (
  entry_id uuid not null,
  line integer not null,
  transfer uuid not null,
  payer uuid not null,
  payee uuid not null,
  amount_yen bigint not null,
  text text not null,
  made_by uuid not null,
  approved_by uuid,
  alone_yen bigint not null,
  at_ms bigint not null,
  primary key (entry_id, line)
);

create index business_payment_payer on business_payment (payer, entry_id);
create index business_payment_payee on business_payment (payee, entry_id);

-- What our bank received for an account; business is null where the number is nobody's, or where the bank took something back (below 0).
-- bank_number: the bank's own, rising.
create table business_deposit (
  entry_id uuid primary key,
  bank_id uuid not null unique,
  bank_number bigint not null,
  account text not null,
  business uuid,
  amount_yen bigint not null,
  payer text not null,
  at_ms bigint not null
);

create index business_deposit_business on business_deposit (business, entry_id);
create index business_deposit_number on business_deposit (bank_number);
create index business_deposit_at on business_deposit (at_ms);

-- What one company asks another to pay. state: 1 open, 2 paid, 3 withdrawn by the asker, 4 declined by the payer. transfer: the one that paid it.
create table business_request (
  id uuid primary key,
  asker uuid not null,
  payer uuid not null,
  amount_yen bigint not null,
  text text not null,
  due_on integer not null,
  made_by uuid not null,
  made_ms bigint not null,
  state smallint not null,
  ended_by uuid,
  ended_ms bigint,
  transfer uuid
);

create index business_request_asker on business_request (asker, id);
create index business_request_payer on business_request (payer, id);

-- Files of transfers as they were brought, to be looked at before anything moves; they go after some days.
create table transfer_file (
  id uuid primary key,
  business uuid not null,
  name text not null,
  content text not null,
  brought_by uuid not null,
  brought_ms bigint not null
);

create index transfer_file_brought on transfer_file (brought_ms);
