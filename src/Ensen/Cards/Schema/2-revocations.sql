-- Numbers of point cards that leaked, taken out of use by two operators. numbers: how many were given; unread: lines that were none.
-- state: 1 proposed, 2 approved, 3 withdrawn.
create table card_revocation (
  id uuid primary key,
  state smallint not null,
  reason text not null,
  numbers integer not null,
  unread integer not null,
  proposed_by text not null,
  proposed_ms bigint not null,
  decided_by text,
  decided_ms bigint
);

-- The numbers of one, hashed as those of cards are (point_card.number_hash).
create table card_revocation_number (
  revocation uuid not null,
  number_hash bytea not null,
  primary key (revocation, number_hash)
) /*sqlite: without rowid*/;

-- Numbers that are no card any more, whoever shows them: they earn nothing and are registered by nobody.
create table revoked_card_number (
  number_hash bytea primary key,
  revocation uuid not null
) /*sqlite: without rowid*/;

-- Which revocation took a card out of use, and when its member was told. state: 5 revoked.
alter table point_card add column revocation uuid;
alter table point_card add column revocation_told_ms bigint;

create index point_card_untold on point_card (revocation) where revocation_told_ms is null;
