-- A campaign: its terms (JSON) never change once they are proposed; budget, caps and instants stand in them, too, and here for queries.
-- given_back: what was left in its budget when it ended. proposed_under: the caller and the key of the request that made it, if it had one.
create table campaign (
  id uuid primary key,
  state smallint not null,
  terms text not null,
  budget bigint not null,
  cap_per_day bigint,
  cap_in_all bigint,
  from_ms bigint not null,
  until_ms bigint not null,
  proposed_by text not null,
  proposed_ms bigint not null,
  dry_run text,
  approved_by text,
  approved_ms bigint,
  ended_by text,
  ended_ms bigint,
  why text,
  given_back bigint not null,
  proposed_under text unique
);

create index campaign_state on campaign (state, until_ms);

-- What a payment got from a campaign; it commits with the payment's entry and never changes. day: Japan's (yyyymmdd), for the cap of a day.
create table campaign_award (
  entry_id uuid not null,
  number smallint not null,
  campaign_id uuid not null,
  member_id uuid not null,
  points bigint not null,
  account_type smallint not null,
  term integer not null,
  day integer not null,
  at_ms bigint not null,
  primary key (entry_id, number)
) /*sqlite: without rowid*/;

-- Members who entered a campaign that asks for it.
create table campaign_entry (
  member_id uuid not null,
  campaign_id uuid not null,
  at_ms bigint not null,
  primary key (member_id, campaign_id)
) /*sqlite: without rowid*/;
