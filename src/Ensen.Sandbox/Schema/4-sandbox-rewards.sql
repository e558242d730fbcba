-- What the pretended partner issued was used, or will never be.
create table sandbox_reward (
  id uuid primary key,
  used_ms bigint,
  void_ms bigint
);
