-- Half of a page is left free: a payment that takes many lots changes all rows of some pages at once, and each finds room on its page.
alter table account set (fillfactor = 48);
