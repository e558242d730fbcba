create table merchant (
  id uuid primary key,
  name text not null,
  created_ms bigint not null
);

-- State: 1 open, 2 suspended. The picture of a store is drawn from its category and its id. Latin name and city stand on its code.
create table store (
  id uuid primary key,
  merchant uuid not null,
  number text not null,
  name text not null,
  latin_name text not null,
  latin_city text not null,
  area text not null,
  station text not null,
  category text not null,
  address text not null,
  postal_code text not null,
  state smallint not null,
  created_ms bigint not null
);

create index store_merchant on store (merchant);

-- The number staff type to sign a till in: eight digits, drawn at random, unique wherever the store's row lives.
create table store_number (
  number text primary key,
  store uuid not null
);

create table till (
  store uuid not null,
  id uuid not null,
  name text not null,
  created_ms bigint not null,
  removed_ms bigint,
  primary key (store, id)
);

-- Kind: 1 plain, 2 cryptographic. State: 1 active, 2 revoked, 3 stolen. Counter: the last one accepted.
create table tag (
  id uuid primary key,
  store uuid not null,
  kind smallint not null,
  uid text,
  key_version integer not null,
  counter bigint not null,
  state smallint not null,
  created_ms bigint not null,
  changed_ms bigint not null
);

create index tag_store on tag (store);

-- One chip is one tag. The uid is 14 hexadecimal digits, upper case.
create table tag_uid (
  uid text primary key,
  tag uuid not null
);

-- Somebody touched a tag that was reported stolen.
create table tag_alarm (
  store uuid not null,
  id uuid not null,
  tag uuid not null,
  at_ms bigint not null,
  primary key (store, id)
);
