-- A transit card that a member linked. Its number is not kept: card is a hash of it under a key of the installation, token the transit company's own
-- name for it. Rides of the card count from counts_from_ms until it is removed. lapsed: it was removed because nobody used it. look_ms: when to look
-- whether it is used at all.
create table transit_card (
  id uuid primary key,
  member uuid not null,
  card uuid not null,
  token text not null,
  last_four text not null,
  form smallint not null,
  linked_ms bigint not null,
  counts_from_ms bigint not null,
  look_ms bigint not null,
  removed_ms bigint,
  lapsed boolean not null
);

create index transit_card_member on transit_card (member, linked_ms);
create index transit_card_card on transit_card (card, linked_ms);
create index transit_card_look on transit_card (look_ms) where removed_ms is null;

-- Whose a card is here: one card, one account.
create table transit_card_claim (
  card uuid primary key,
  transit_card uuid not null,
  member uuid not null
);

create index transit_card_claim_link on transit_card_claim (transit_card);

-- Every ride of any card, linked or not, once: id is a hash of card, gates and instants. In the order in which a month's points are computed.
-- month, day: of the service day. A gate that was not passed has neither station nor instant.
create table ride (
  month integer not null,
  card uuid not null,
  id uuid not null,
  day integer not null,
  from_station text,
  to_station text,
  fare bigint not null,
  in_ms bigint,
  out_ms bigint,
  feed uuid not null,
  primary key (month, card, id)
) /*sqlite: without rowid*/;

-- A delivery of rides, by file or by API, and what became of its lines.
create table ride_feed (
  id uuid primary key,
  name text not null,
  at_ms bigint not null,
  lines bigint not null,
  accepted bigint not null,
  duplicates bigint not null,
  refused bigint not null,
  ended_ms bigint
);

create index ride_feed_latest on ride_feed (at_ms);

-- Lines that could not be read as a ride: each is kept as it came, with its number and why.
create table ride_refused (
  feed uuid not null,
  line bigint not null,
  text text not null,
  fault smallint not null,
  primary key (feed, line)
);

-- How often rides of a month came in, and up to which of these its points are posted: where they differ, the next run looks at the month.
-- rules: those by which the month's points were first computed, and are corrected.
create table ride_month (
  month integer primary key,
  read_version bigint not null,
  posted_version bigint not null,
  rules text
);

-- Points for a card's rides of a month: the first posting, and each difference after rides that came late.
create table ride_points (
  entry_id uuid primary key,
  transit_card uuid not null,
  card uuid not null,
  member uuid not null,
  month integer not null,
  number bigint not null,
  points bigint not null,
  at_ms bigint not null
);

create unique index ride_points_once on ride_points (month, card, transit_card, number);
create index ride_points_member on ride_points (member, month);
