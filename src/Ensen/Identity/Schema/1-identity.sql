-- A member's identity is verified: by which method (1 pictures, 2 IC chip, 3 certificate of a card, 9 elsewhere: nothing of it is kept here), and how
-- that stands: 1 waits for the member's pictures, 2 a gateway was asked, 3 waits for two people, 4 accepted, 5 rejected, 6 lapsed. reason: why it was
-- rejected or lapsed, a stable code. details: what the member typed (name, kana, day of birth, address), under the member's own key (member_key).
-- Waiting ones lapse at lapses_ms. recheck_on: the day from which an accepted one counts no more. first_…, second_…: what two persons decided.
create table verification (
  id uuid primary key,
  member uuid not null,
  method smallint not null,
  state smallint not null,
  reason text,
  details bytea,
  begun_ms bigint not null,
  lapses_ms bigint not null,
  ended_ms bigint,
  recheck_on text,
  recheck_told_ms bigint,
  first_by text,
  first_accepts boolean,
  first_reason text,
  first_ms bigint,
  second_by text,
  second_accepts boolean,
  second_reason text
);

-- Of a member one at a time.
create unique index verification_open on verification (member) where state in (1, 2, 3);
create index verification_member on verification (member, begun_ms);
create index verification_state on verification (state, lapses_ms);
create index verification_recheck on verification (recheck_on) where state = 4;

-- Pictures as evidence, under the member's own key. Side: 1 the front of the document, 2 its back, 3 the face.
create table verification_image (
  verification uuid not null,
  side smallint not null,
  content_type text not null,
  image bytea not null,
  at_ms bigint not null,
  primary key (verification, side)
);

-- Reports of gateways, by the name that their gateway gave them: one that is sent again is heard no more.
create table identity_report (
  id text primary key,
  verification uuid not null,
  at_ms bigint not null
);

create index identity_report_at on identity_report (at_ms);
