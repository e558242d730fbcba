-- The same was made anew from the entries, by when the last time, and when something else came out: an entry of the day was committed after it was
-- closed. Then the figures are those that the entries say.
alter table closed_day add column looked_ms bigint;
alter table closed_day add column mended_ms bigint;
