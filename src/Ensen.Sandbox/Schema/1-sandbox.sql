-- What the sandbox's outside world remembers. A real bank keeps this in its own house; nothing of the business reads these tables.

-- How a gateway behaves for its next requests: one after the other until none remain, then it accepts again.
create table sandbox_fault (
  gateway bigint primary key,
  mode bigint not null,
  remaining bigint not null,
  delay_ms bigint not null
);

-- Requests as the bank, the card company and its 3-D Secure remember them, by our request id.
create table sandbox_request (
  gateway bigint not null,
  id uuid not null,
  party text not null,
  amount_yen bigint not null,
  outcome bigint not null,
  reason text,
  known_ms bigint not null,
  at_ms bigint not null,
  primary key (gateway, id)
);

create index sandbox_request_latest on sandbox_request (gateway, at_ms);

-- Deposits the ATM network expects, and the notes that were put in.
create table sandbox_atm_ticket (
  id uuid primary key,
  customer_number text not null unique,
  asked_yen bigint not null,
  until_ms bigint not null,
  at_ms bigint not null,
  closed boolean not null,
  deposited_yen bigint,
  known_ms bigint
);

create index sandbox_atm_ticket_latest on sandbox_atm_ticket (at_ms);

create table sandbox_mail (
  id uuid primary key,
  to_address text not null,
  subject text not null,
  body text not null,
  at_ms bigint not null
);

create index sandbox_mail_box on sandbox_mail (to_address, at_ms);
create index sandbox_mail_latest on sandbox_mail (at_ms);

-- What each gateway received and sent, for the sandbox page.
create table sandbox_exchange (
  id uuid primary key,
  gateway bigint not null,
  request_id uuid not null,
  received text,
  sent text not null,
  at_ms bigint not null
);

create index sandbox_exchange_latest on sandbox_exchange (gateway, at_ms);
