-- A member who has lost every way in is let in again by two persons of the staff: one proposed it, another approved it (their persons, as texts).
-- telephone: another in place of the registered one, where that is lost, too. warning: the mail (a row of the outbox) that tells the member of it, with
-- the link that stops it (stop_hash). opens_ms: not before then the link back is mailed (link_hash, mailed_ms), which is good until link_until_ms.
-- ended_ms, how: 1 it was used, 2 stopped by the member, 3 withdrawn by an operator, 4 nobody used it in time, 5 somebody was signed in as the member.
create table recovery (
  id uuid primary key,
  member uuid not null,
  reason text not null,
  telephone text,
  proposed_by text not null,
  proposed_ms bigint not null,
  approved_by text,
  approved_ms bigint,
  warning uuid,
  stop_hash bytea,
  opens_ms bigint,
  link_hash bytea,
  mailed_ms bigint,
  link_until_ms bigint,
  ended_ms bigint,
  how smallint
);

create unique index recovery_open on recovery (member) where ended_ms is null;
create index recovery_member on recovery (member, proposed_ms);
create unique index recovery_stop on recovery (stop_hash);
create unique index recovery_link on recovery (link_hash);
create index recovery_ended on recovery (ended_ms);
