-- An account is (owner, account_type, term). Guarded accounts live in stripe 0; accounts without a floor are spread over stripes so that
-- writers never wait for each other on a popular shop: their balance is the sum of the stripes.
create table account (
  owner uuid not null,
  account_type smallint not null,
  term integer not null,
  stripe smallint not null,
  balance bigint not null,
  primary key (owner, account_type, term, stripe)
) /*sqlite: without rowid*/;

-- Lots by the day they lapse: the night's expiry walks them in this order, a page after the other, and never reads again what it has passed.
create index account_lapse on account (term, owner) where term > 0;

-- owners: the distinct owners of its postings, 16 bytes each, so that all of them are found. lane, seal: which seal covers the entry below.
create table entry (
  id uuid primary key,
  kind smallint not null,
  at_ms bigint not null,
  initiator_kind smallint not null,
  initiator_id uuid not null,
  store_id uuid,
  corrects uuid,
  attached_hash bytea,
  owners bytea not null,
  lane smallint not null,
  seal bigint not null
) /*sqlite: without rowid*/;

-- balance_after: what the owner of a guarded account holds in that unit once the entry is posted (money and prepaid together; all
-- lots together). It is what a history shows beside a movement.
create table posting (
  owner uuid not null,
  entry_id uuid not null,
  leg smallint not null,
  account_type smallint not null,
  term integer not null,
  amount bigint not null,
  balance_after bigint,
  primary key (owner, entry_id, leg)
) /*sqlite: without rowid*/;

-- What an owner may still move, by kind (pay, transfer, charge): the own caps, and what was used of the day and the month. raised_…: the caps
-- that the owner asked for instead and from when they hold; no job puts them in their place, whoever decides compares the instant.
create table spending_limit (
  owner uuid not null,
  kind smallint not null,
  per_movement bigint,
  per_day bigint,
  per_month bigint,
  raised_per_movement bigint,
  raised_per_day bigint,
  raised_per_month bigint,
  raised_from_ms bigint,
  day integer not null,
  day_used bigint not null,
  month integer not null,
  month_used bigint not null,
  version bigint not null,
  primary key (owner, kind)
) /*sqlite: without rowid*/;

-- What its subject, an owner of accounts, may not do, why, and by whose word: in force from when the row commits, until it is lifted or its
-- time is over. by_kind and by_whom: an operator by name, a member by number. Whoever adds or lifts one writes the row spending_limit (subject, 1) in the same transaction, by which writers notice.
create table restriction (
  id uuid not null,
  subject uuid not null,
  kind smallint not null,
  reason text not null,
  by_kind smallint not null,
  by_whom text not null,
  from_ms bigint not null,
  until_ms bigint,
  lifted_ms bigint,
  lifted_by_kind smallint,
  lifted_by text,
  lifted_why text,
  primary key (subject, id)
) /*sqlite: without rowid*/;

-- Things that can happen once: a shown code is used, a tag's counter value is touched, the n-th refund of a payment.
create table single_use (
  subject uuid not null,
  kind smallint not null,
  number bigint not null,
  entry_id uuid not null,
  primary key (subject, kind, number)
) /*sqlite: without rowid*/;
