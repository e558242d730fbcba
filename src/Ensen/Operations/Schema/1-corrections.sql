-- Corrections that one operator asks for and another approves. The first row of a proposal's legs is leg 0.
create table correction_proposal (
  id uuid primary key,
  corrects uuid not null,
  reason text not null,
  proposed_by text not null,
  at_ms bigint not null
);

create index correction_proposal_of on correction_proposal (corrects);

create table correction_leg (
  proposal_id uuid not null,
  leg smallint not null,
  owner uuid not null,
  account_type smallint not null,
  term integer not null,
  amount bigint not null,
  primary key (proposal_id, leg)
);

-- A correction's own row; it commits with its entry and never changes.
create table correction (
  entry_id uuid primary key,
  proposal_id uuid not null,
  corrects uuid not null,
  reason text not null,
  proposed_by text not null,
  approved_by text not null
);
