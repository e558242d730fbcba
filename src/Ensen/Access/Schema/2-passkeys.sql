-- A passkey: the public half of a key pair on a device of its owner's (kind 1 a member, 4 an operator, 6 a shop account). credential_id is by which the device knows it, and is
-- unique over all owners; sign_count is the last counter that the device signed. What a session's assurance may be has one more: 4 a passkey.
create table passkey (
  credential_id bytea primary key,
  id uuid not null,
  kind smallint not null,
  owner uuid not null,
  public_key bytea not null,
  sign_count bigint not null,
  name text not null,
  transports text not null,
  backup_eligible boolean not null,
  backed_up boolean not null,
  created_ms bigint not null,
  used_ms bigint
);

create index passkey_owner on passkey (owner, kind);

-- Challenges that a passkey has answered: each counts once. They are carried, sealed, by whoever was asked; only those that were used are here,
-- for as long as they could be sent again.
create table passkey_challenge_used (
  id uuid primary key,
  used_ms bigint not null
);

create index passkey_challenge_used_at on passkey_challenge_used (used_ms);
