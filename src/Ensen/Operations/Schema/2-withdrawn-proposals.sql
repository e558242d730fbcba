-- What became of a proposal: 0 it waits, 1 it was posted, 2 it was withdrawn, by whom and why.
-- Whoever ends one changes the 0, so one of them does.
alter table correction_proposal add column state smallint not null default 0;
alter table correction_proposal add column withdrawn_by text;
alter table correction_proposal add column withdrawn_reason text;
alter table correction_proposal add column withdrawn_ms bigint;

update correction_proposal
set state = 1
where id in (select proposal_id from correction);
