-- One row: who applies, decides or signs takes it first, so that what it has seen of other applications stays so until its commit.
create table joining_turn (
  id smallint primary key,
  last smallint not null
);
