-- The key of the browser that a session was opened on: what is paid, sent or shown from a page of that session is signed with it. Without a key
-- (public_key is null) the browser had none to show, and each of those asks who it is. A session without a row was opened by a program.
-- highest: the largest number that was signed, and when.
create table device_key (
  session uuid primary key,
  public_key bytea,
  highest bigint not null,
  highest_ms bigint not null
);

-- What a key has signed: each number once. The hash tells the same request, sent again, from another one.
create table device_signature (
  session uuid not null,
  number bigint not null,
  hash bytea not null,
  signed_ms bigint not null,
  primary key (session, number)
);

create index device_signature_at on device_signature (signed_ms);
