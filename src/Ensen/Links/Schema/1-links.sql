-- Money that a member set aside for whoever opens a link; it commits with its entry and never changes. token_hash: the SHA-256 of the link's
-- token; token_kept: the token for its sender, protected.
create table money_link (
  entry_id uuid primary key,
  sender uuid not null,
  amount_yen bigint not null,
  at_ms bigint not null,
  until_ms bigint not null,
  note text,
  token_hash text not null unique,
  token_kept text not null
);

create index money_link_sender on money_link (sender, entry_id);
create index money_link_until on money_link (until_ms);

-- That somebody claimed it; the note is what the sender wrote.
create table link_claim (
  entry_id uuid primary key,
  link uuid not null unique,
  receiver uuid not null,
  amount_yen bigint not null,
  at_ms bigint not null,
  note text
);

create index link_claim_receiver on link_claim (receiver, entry_id);

-- That it went back to its sender. why: 3 nobody claimed it in time, 4 its sender took it back.
create table link_return (
  entry_id uuid primary key,
  link uuid not null unique,
  amount_yen bigint not null,
  at_ms bigint not null,
  why smallint not null
);
