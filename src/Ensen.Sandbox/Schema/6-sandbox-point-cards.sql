-- Cards of the pretended issuers. state: existing, new or lapsed. reissued_as: the number that took this one's place. silent: so often the
-- issuer still does what it is asked and gives no answer. closed_by: under which request the balance was closed.
create table sandbox_point_card (
  number text primary key,
  issuer text not null,
  pin text,
  owner_kana text,
  points bigint not null,
  state text not null,
  reissued_as text,
  silent integer not null,
  closed_by uuid
);
