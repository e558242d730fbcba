-- A credit card that a member linked. Its number is never here: card is a hash of the card company's own name for it, which it gave for a link token.
-- Purchases of the card count from counts_from_ms until it is removed.
create table credit_card (
  id uuid primary key,
  member uuid not null,
  card uuid not null,
  brand text not null,
  last_four text not null,
  linked_ms bigint not null,
  counts_from_ms bigint not null,
  removed_ms bigint
);

create index credit_card_member on credit_card (member, linked_ms);
create index credit_card_card on credit_card (card, linked_ms);

-- Whose a card is here: one card, one account.
create table credit_card_claim (
  card uuid primary key,
  credit_card uuid not null,
  member uuid not null
);

create index credit_card_claim_link on credit_card_claim (credit_card);

-- A file of purchases of the card company, known by its digest. state: 1 being read, 2 accepted, 3 refused whole, 4 broken off. edition: where two files
-- name one item, the higher one is right. refused: the lines that were wrong, as JSON.
-- has_items: items of it are in card_purchase; where it was not accepted they are taken away.
create table purchase_file (
  id uuid primary key,
  name text not null,
  digest bytea not null,
  state smallint not null,
  month integer not null,
  edition integer not null,
  lines bigint not null,
  fresh bigint not null,
  corrected bigint not null,
  sum_yen bigint not null,
  refused text not null,
  has_items boolean not null,
  at_ms bigint not null,
  ended_ms bigint
);

create index purchase_file_digest on purchase_file (digest, state);
create index purchase_file_month on purchase_file (month, state);
create index purchase_file_latest on purchase_file (at_ms);

-- An item of a file, in the order in which a month's points are computed. Only those of accepted files count, and of one item only that of the highest
-- edition. class: 1 purchase, 2 charge of a transit card. A negative amount is given back, 0 withdrawn.
create table card_purchase (
  month integer not null,
  card uuid not null,
  item uuid not null,
  file uuid not null,
  class smallint not null,
  at_ms bigint not null,
  amount bigint not null,
  primary key (month, card, item, file)
) /*sqlite: without rowid*/;

-- How many files of a month were accepted, and up to which of these its points are posted: where they differ, the next run looks at the month.
-- rules: those by which the month's points were first computed, and are corrected.
create table purchase_month (
  month integer primary key,
  read_version bigint not null,
  posted_version bigint not null,
  rules text
);

-- What a card's month came to when it was looked at: by how much that was another number than before (change_points), what of it was given or taken back
-- (points), and what later purchases have to make up for first (owed). The number counts a member's rows.
create table credit_card_points (
  entry_id uuid primary key,
  credit_card uuid not null,
  card uuid not null,
  member uuid not null,
  month integer not null,
  number bigint not null,
  change_points bigint not null,
  points bigint not null,
  owed bigint not null,
  at_ms bigint not null
);

create unique index credit_card_points_once on credit_card_points (member, number);
create index credit_card_points_month on credit_card_points (month, card);
