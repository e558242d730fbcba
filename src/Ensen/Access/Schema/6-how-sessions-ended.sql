-- By whose hand a session ended (1 on the device, 2 from another device, 3 by staff, 4 with the password, 5 a copied device); null where that was not
-- noted.
alter table session add column ended_why smallint;
