-- Another telephone that a member wants in place of the registered one. done_ms: a call from it showed that they have it, and it is the registered one
-- since. telephone_before (and when a call last showed that one) is kept for as long as low caps hold for the change, or it can be taken back.
create table telephone_change (
  id uuid primary key,
  member uuid not null,
  telephone text not null,
  telephone_before text,
  possessed_before_ms bigint,
  asked_ms bigint not null,
  done_ms bigint
);

create index telephone_change_member on telephone_change (member);

-- Another address that a member wants in place of theirs. confirm_hash: of the link mailed to the new one, by which the change is made (done_ms), before
-- expires_ms. undo_hash: of the link mailed to the confirmed address before, by which its owner takes the change back (undone_ms), until undo_until_ms.
create table mail_change (
  id uuid primary key,
  member uuid not null,
  email text not null,
  email_key text not null,
  email_before text,
  confirm_hash bytea not null unique,
  undo_hash bytea not null unique,
  asked_ms bigint not null,
  expires_ms bigint not null,
  undo_until_ms bigint not null,
  done_ms bigint,
  undone_ms bigint
);

create index mail_change_member on mail_change (member);

-- An address that its member has changed is held for them, so that nobody else registers with it before the change can be taken back no more.
alter table member_email add column held_until_ms bigint;
