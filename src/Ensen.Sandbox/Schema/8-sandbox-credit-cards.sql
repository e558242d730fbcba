-- Cards that the sandbox's company of credit cards issued: reference is its own name for one, card the hash of it by which the business knows it.
-- made: higher of one that was made later.
create table sandbox_credit_card (
  reference text primary key,
  card uuid not null,
  brand text not null,
  last_four text not null,
  made bigint not null
);

create index sandbox_credit_card_card on sandbox_credit_card (card);

-- Tokens for linking one of them, and the request that used one up.
create table sandbox_link_token (
  token text primary key,
  reference text not null,
  request_id uuid
);
