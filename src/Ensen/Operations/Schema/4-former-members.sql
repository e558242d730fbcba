-- Members who have left. swept_ms: when nothing that was still under way at leaving can have written anything of them any more. sealed_record: what the law
-- wants kept of a verified member, sealed to the key record_key, whose private half is on no node; it goes at record_until_ms.
create table former_member (
  member uuid primary key,
  left_ms bigint not null,
  swept_ms bigint,
  sealed_record bytea,
  record_key text,
  record_until_ms bigint
);

create index former_member_unswept on former_member (left_ms) where swept_ms is null;
create index former_member_record on former_member (record_until_ms) where sealed_record is not null;
