-- A shop that applies to be a merchant. state: 1 applied (the mailbox is not shown yet), 2 in review, 3 asked back, 4 approved (the contract waits),
-- 5 joined, 6 refused, 7 lapsed. details: what was typed, as only this installation reads it. link: the token of the newest mail, as a hash. version:
-- counts what the applicant sent, so that two people decide about one and the same thing. first_…, second_…: what two persons decided.
create table merchant_application (
  id uuid primary key,
  state smallint not null,
  version integer not null,
  details bytea not null,
  language text not null,
  account_hash bytea not null,
  link_hash bytea,
  link_until_ms bigint,
  mail_confirmed_ms bigint,
  first_by text,
  first_accepts boolean,
  first_reason text,
  second_by text,
  second_accepts boolean,
  reason text,
  terms text,
  signed_ms bigint,
  merchant uuid,
  begun_ms bigint not null,
  changed_ms bigint not null
);

create unique index merchant_application_link on merchant_application (link_hash);
create unique index merchant_application_merchant on merchant_application (merchant);
create index merchant_application_state on merchant_application (state, changed_ms);
create index merchant_application_account on merchant_application (account_hash);

-- The photo of each of its stores, kept as the details are.
create table merchant_application_photo (
  application uuid not null,
  store smallint not null,
  content_type text not null,
  image bytea not null,
  at_ms bigint not null,
  primary key (application, store)
);
