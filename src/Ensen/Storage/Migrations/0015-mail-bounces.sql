-- Addresses from which mail came back. An address is kept as a hash; of the server's answer only its code (RFC 3463), for its text names people.
create table mail_bounce (
  address_hash bytea primary key,
  code text not null,
  at_ms bigint not null
);
