-- Cards as the pretended gates know them. station, in_ms: where and when a card went in that has not come out yet.
create table sandbox_gate_card (
  card text primary key,
  station text,
  in_ms bigint,
  seen_ms bigint not null
);

create index sandbox_gate_card_seen on sandbox_gate_card (seen_ms);

-- Rides as the gates tell them. A gate that was not passed has neither station nor instant. told_ms: when they were told last, null of those that are not
-- told yet. said: what the feed said of it then: accepted, duplicate or refused.
create table sandbox_gate_ride (
  id uuid primary key,
  card text not null,
  from_station text,
  to_station text,
  fare bigint not null,
  in_ms bigint,
  out_ms bigint,
  told_ms bigint,
  said text
);

create index sandbox_gate_ride_card on sandbox_gate_ride (card, id);
