-- Files of transfers as the pretended bank has them. codes: a digit of result for each line; null while the bank has not carried it out.
create table sandbox_pay_out_file (
  id uuid primary key,
  text text not null,
  received_ms bigint not null,
  codes text
);

-- What the pretended bank moved: 1 a transfer, 2 one that came back.
create table sandbox_bank_movement (
  file uuid not null,
  line integer not null,
  kind integer not null,
  holder text not null,
  amount bigint not null,
  at_ms bigint not null,
  primary key (file, line, kind)
);

create index sandbox_bank_movement_day on sandbox_bank_movement (at_ms);
