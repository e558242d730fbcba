-- A member. The address is null after its owner said "that is not me". The password is a credential of the member's. telephone_possessed_ms: when
-- a call from the telephone last showed that the member has it.
create table member (
  id uuid primary key,
  name text not null,
  email text,
  telephone text,
  telephone_possessed_ms bigint,
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

-- Calls that are waited for: from this telephone to that number of ours, for one challenge. One at a time, so that a call is for one.
create table expected_call (
  telephone text not null,
  dialled text not null,
  challenge uuid not null,
  member uuid not null,
  expires_ms bigint not null,
  primary key (telephone, dialled)
);

create index expected_call_expires on expected_call (expires_ms);

-- Reports of calls that were heard, by the name that their gateway gave them: one that is sent again is heard no more.
create table call_report (
  id text primary key,
  at_ms bigint not null
);

create index call_report_at on call_report (at_ms);
