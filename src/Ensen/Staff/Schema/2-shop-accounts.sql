-- An account of somebody who works for a merchant. role: 1 owner, 2 manager, 3 clerk. state: 2 invited, 3 active, 4 dismissed. sign_in_name: chosen by
-- whoever joins, free again when they are dismissed. link_hash: of the one-time link, until it is used or lapses. invited_by: an account; null when the
-- merchant itself invited, or a command.
create table shop_account (
  id uuid primary key,
  merchant uuid not null,
  name text not null,
  sign_in_name text unique,
  role smallint not null,
  state smallint not null,
  link_hash bytea,
  link_until_ms bigint,
  invited_by uuid,
  invited_ms bigint not null,
  dismissed_ms bigint
);

create index shop_account_merchant on shop_account (merchant);
create unique index shop_account_link on shop_account (link_hash);

-- Which stores a manager or a clerk sees.
create table shop_account_store (
  account uuid not null,
  store uuid not null,
  primary key (account, store)
);

-- A merchant's accounts are changed one change after another: whoever changes any has this row first. last: the number of the last row of its log; hash: that
-- row's.
create table shop_turn (
  merchant uuid primary key,
  last bigint not null,
  hash bytea
);

-- What was done to a merchant's accounts: by_account did act to account; by_account is null for the merchant itself or a command. through: 1 signed in,
-- 2 a command. Rows are only added, numbered from 1 without a gap; each holds the hash of the one before, and its own over all its columns.
create table shop_log (
  merchant uuid not null,
  number bigint not null,
  at_ms bigint not null,
  act smallint not null,
  by_account uuid,
  through smallint not null,
  account uuid not null,
  detail text,
  previous bytea not null,
  hash bytea not null,
  primary key (merchant, number)
);
