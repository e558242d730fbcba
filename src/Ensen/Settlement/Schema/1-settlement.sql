-- A merchant's business day as it was closed; it commits with its entry and never changes. number: the so-many-th of the merchant, without
-- a gap. gross less refunds is what the fee is of; that less fee, tax and what was carried in is paid out, or carried on where it is below zero.
create table settlement (
  entry_id uuid primary key,
  merchant uuid not null,
  number bigint not null,
  day integer not null,
  gross bigint not null,
  refunds bigint not null,
  fee_basis_points bigint not null,
  fee bigint not null,
  fee_tax_percent bigint not null,
  fee_tax bigint not null,
  carried bigint not null,
  pay_out bigint not null,
  carried_on bigint not null
);

create unique index settlement_of_merchant on settlement (merchant, number);
create index settlement_of_day on settlement (day);

-- What of it is of which store. late: of entries of days before that were written after those were closed.
create table settlement_store (
  entry_id uuid not null,
  store uuid not null,
  payments bigint not null,
  paid bigint not null,
  refunds bigint not null,
  refunded bigint not null,
  corrected bigint not null,
  late bigint not null,
  primary key (entry_id, store)
) /*sqlite: without rowid*/;

-- Where merchants are paid. state: 1 proposed, 2 in force, 3 replaced, 4 withdrawn. held: another one is proposed, so nothing is paid to
-- this one until that is decided. Of a merchant one is in force at most, and one proposed.
create table pay_out_account (
  id uuid primary key,
  merchant uuid not null,
  bank text not null,
  branch text not null,
  kind smallint not null,
  number text not null,
  holder text not null,
  state smallint not null,
  held boolean not null,
  proposed_by text not null,
  reason text not null,
  at_ms bigint not null,
  decided_by text,
  decided_ms bigint,
  proposed_under text unique
);

create unique index pay_out_account_in_force on pay_out_account (merchant) where state = 2;
create unique index pay_out_account_proposed on pay_out_account (merchant) where state = 1;

-- A file of transfers for the bank as it was sent, whole; it commits with its entry and never changes. number: of its day.
create table pay_out_file (
  entry_id uuid primary key,
  day integer not null,
  number integer not null,
  lines integer not null,
  total bigint not null,
  zengin text not null
);

create unique index pay_out_file_of_day on pay_out_file (day, number);

-- How the file stands at the bank. state: 1 made, 2 taken by the bank, 3 answered, 4 refused whole.
create table pay_out_sending (
  file uuid primary key,
  state smallint not null,
  made_ms bigint not null,
  taken_ms bigint,
  answered_ms bigint
);

create index pay_out_sending_latest on pay_out_sending (made_ms);

-- A line of a file: the so-many-th attempt to pay out a settlement, and to which account.
create table pay_out (
  entry_id uuid not null,
  line integer not null,
  settlement uuid not null,
  attempt bigint not null,
  merchant uuid not null,
  account uuid not null,
  amount bigint not null,
  primary key (entry_id, line)
) /*sqlite: without rowid*/;

create unique index pay_out_attempt on pay_out (settlement, attempt);

-- What became of a line. outcome: 1 paid, 2 rejected, 3 returned after it was paid.
create table pay_out_end (
  entry_id uuid not null,
  file uuid not null,
  line integer not null,
  settlement uuid not null,
  attempt bigint not null,
  merchant uuid not null,
  outcome smallint not null,
  amount bigint not null,
  reason text,
  primary key (entry_id, line)
) /*sqlite: without rowid*/;

create unique index pay_out_end_once on pay_out_end (settlement, attempt, outcome);
create index pay_out_end_of_file on pay_out_end (file);
