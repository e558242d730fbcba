-- When the next try may be made, where tries are delayed and not locked out.
alter table attempt add column next_ms bigint not null default 0;

-- A person typed a secret to open the session: with its token nobody passes for a program.
alter table session add column by_person boolean not null default false;
