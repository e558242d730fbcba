-- Balances are rewritten constantly and none of their columns that change is indexed: room on the page keeps updates on it (HOT).
alter table account set (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
alter table spending_limit set (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
