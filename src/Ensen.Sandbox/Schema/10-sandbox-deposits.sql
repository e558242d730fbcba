-- What companies paid in at the pretended bank, in its order. last: the number of the last one.
create table sandbox_deposit (
  number bigint primary key,
  id uuid not null,
  account text not null,
  amount_yen bigint not null,
  payer text not null
);

create table sandbox_deposit_head (
  id integer primary key,
  last bigint not null
);
