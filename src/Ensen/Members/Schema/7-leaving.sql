-- When the member left the programme. From then on the row keeps its number, created_ms and left_ms, and nothing that says who that was.
alter table member add column left_ms bigint;
