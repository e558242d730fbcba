-- made_under: the caller and the key of the request that made the use, if it had one.
alter table point_use add column made_under text;
create unique index point_use_made_under on point_use (made_under);
