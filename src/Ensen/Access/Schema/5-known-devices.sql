-- On which browsers (device: what the browser keeps for long, sealed) somebody has signed in before, and by which session last. A browser that is
-- thrown out is known no more: its row goes with the session.
create table known_device (
  device uuid not null,
  owner uuid not null,
  session uuid not null,
  seen_ms bigint not null,
  primary key (device, owner)
);

create index known_device_owner on known_device (owner);
create index known_device_session on known_device (session);
create index known_device_seen on known_device (seen_ms);
