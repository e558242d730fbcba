-- Points that were put on a transit card. They leave their lots when it is asked for, and come back to them when the company refuses: entry_id is the
-- asking, returned_id the giving back. token: the company's name for the card. state: 1 asked, 2 on the card, 3 refused.
create table transit_charge (
  id uuid primary key,
  member uuid not null,
  transit_card uuid not null,
  token text not null,
  points bigint not null,
  state smallint not null,
  reason text,
  entry_id uuid not null,
  returned_id uuid,
  at_ms bigint not null,
  ended_ms bigint
);

create index transit_charge_member on transit_charge (member, at_ms);
create unique index transit_charge_entry on transit_charge (entry_id);
create unique index transit_charge_returned on transit_charge (returned_id);

-- Who said that their rides may be used for recommendations; taken back, the row is gone.
create table ride_consent (
  member uuid primary key,
  given_ms bigint not null
);
