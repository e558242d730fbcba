-- The key under which one member's personal data is kept, itself protected by the keys of data_protection_key. Destroyed (destroyed_ms, no key) when
-- the member leaves: what was kept under the key is unreadable from then on, in backups of other tables too.
create table member_key (
  member uuid primary key,
  protected_key bytea,
  made_ms bigint not null,
  destroyed_ms bigint
);

-- The day on which a verified minor comes of age; null for adults, whose day of birth is nowhere but among what is kept under their key.
alter table member add column adult_on text;
