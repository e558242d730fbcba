-- A member. The address is null after its owner said "that is not me". The password is a credential of the member's.
create table member (
  id uuid primary key,
  name text not null,
  email text,
  telephone text,
  verified boolean not null,
  mail_confirmed boolean not null,
  language text not null,
  theme text not null,
  created_ms bigint not null
);

-- Whose an e-mail address is: its own table, so that it is unique wherever its member's row lives.
create table member_email (
  email_key text primary key,
  member uuid not null
);

-- Links sent by mail. Only the hash is kept; one use, and they lapse.
create table mail_token (
  token_hash bytea primary key,
  member uuid not null,
  email_key text not null,
  created_ms bigint not null,
  expires_ms bigint not null,
  used_ms bigint
);

create index mail_token_member on mail_token (member);

-- Addresses from which mail came back. An address is kept as a hash; of the server's answer only its code (RFC 3463), for its text names people.
create table mail_bounce (
  address_hash bytea primary key,
  code text not null,
  at_ms bigint not null
);
