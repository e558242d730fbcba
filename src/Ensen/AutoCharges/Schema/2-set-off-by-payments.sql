-- Only what is paid sets a charge off. paid_mark: what had been paid when the last charge was taken on (yyyymm times 10^12, and the yen of
-- that month); the next one is not before that is more; null: none is needed. charge_mark: the same for the charge that is under way.
-- day, day_charges: how many were taken on in that day (yyyymmdd).
alter table auto_charge drop column least_yen;
alter table auto_charge add column paid_mark bigint;
alter table auto_charge add column charge_mark bigint;
alter table auto_charge add column day integer not null default 0;
alter table auto_charge add column day_charges integer not null default 0;
