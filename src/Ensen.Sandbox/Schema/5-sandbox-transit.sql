-- Cards that the sandbox's transit company issued.
create table sandbox_transit_card (
  number text primary key,
  proof text not null,
  form bigint not null
);
