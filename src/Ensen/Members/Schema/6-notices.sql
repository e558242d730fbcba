-- What a member was told by mail, and when: that it was told, and nothing of its words.
create table notice (
  id uuid primary key,
  member uuid not null,
  what text not null,
  at_ms bigint not null
);

create index notice_member on notice (member);
