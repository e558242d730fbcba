-- Verifications that the sandbox's reader of cards was asked for; reported: what it said first, null while it has said nothing.
create table sandbox_identity_order (
  id uuid primary key,
  reading bigint not null,
  person text not null,
  reported text,
  at_ms bigint not null
);

create index sandbox_identity_order_latest on sandbox_identity_order (at_ms);
