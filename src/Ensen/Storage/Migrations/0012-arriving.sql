-- What is on its way to a member is decided by the ledger, in the same step as balances and caps: it stands among the allowances (kind 6),
-- under the first of all days, which is never over.
insert into spending_limit (owner, kind, frozen, day, day_used, month, month_used, version)
select member_id, 6, false, 10101, pending_yen, 101, pending_yen, 1
from charge_pending
where pending_yen > 0;

drop table charge_pending;
