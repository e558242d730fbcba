-- A point card of a member. number_hash: the number under a key of the installation, by which one card is one account, null once it is
-- gone; number_secret: the number itself, protected. state: 1 in force, 2 being migrated, 3 migrated, 4 gone.
create table point_card (
  id uuid primary key,
  member_id uuid not null,
  issuer text not null,
  number_hash bytea,
  number_secret bytea not null,
  last_four text not null,
  state smallint not null,
  registered_ms bigint not null,
  changed_ms bigint not null
);

create unique index point_card_number on point_card (number_hash);
create index point_card_member on point_card (member_id);
create index point_card_migrating on point_card (state) where state = 2;

-- The points that a card brought along, once; the row commits with its entry and never changes.
create table card_migration (
  entry_id uuid primary key,
  card_id uuid not null,
  member_id uuid not null,
  issuer text not null,
  points bigint not null,
  at_ms bigint not null
) /*sqlite: without rowid*/;

create unique index card_migration_card on card_migration (card_id);
