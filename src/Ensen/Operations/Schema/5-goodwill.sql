-- Points that one operator proposes to give a member and another approves. state: 0 it waits, 1 they were given, 2 it was withdrawn; by whom, why and when.
create table goodwill_proposal (
  id uuid primary key,
  member uuid not null,
  points bigint not null,
  last_day integer not null,
  reason text not null,
  proposed_by text not null,
  at_ms bigint not null,
  state smallint not null default 0,
  ended_by text,
  ended_reason text,
  ended_ms bigint,
  proposed_under text unique
);

create index goodwill_proposal_waiting on goodwill_proposal (id) where state = 0;

-- What was given; it commits with its entry and never changes.
create table goodwill (
  entry_id uuid primary key,
  proposal_id uuid not null,
  member_id uuid not null,
  points bigint not null,
  last_day integer not null,
  reason text not null,
  proposed_by text not null,
  approved_by text not null
);

create index goodwill_of_member on goodwill (member_id);
