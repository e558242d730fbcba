-- The night's expiry walks the lots in this order, a page after the other, and never reads again what it has passed.
drop index account_term;
create index account_lapse on account (term, owner) where term > 0;
