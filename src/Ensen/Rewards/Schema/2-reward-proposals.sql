-- What an operator proposes to offer and another approves: a new reward, or so many pieces more of one that there is (reward). stock: pieces.
-- state: 0 it waits, 1 it was approved, 2 it was withdrawn; by whom and when. proposed_under: the caller and the number of the form.
create table reward_proposal (
  id uuid primary key,
  reward uuid,
  title text not null,
  english_title text not null,
  points bigint not null,
  yen bigint not null,
  worth_yen bigint not null,
  stock bigint not null,
  use_on integer,
  proposed_by text not null,
  at_ms bigint not null,
  state smallint not null default 0,
  ended_by text,
  ended_ms bigint,
  proposed_under text unique
);

create index reward_proposal_waiting on reward_proposal (id) where state = 0;
