-- Accounts in force to which nothing is paid: the metrics count them every few seconds. And whose account a number is, which is asked in the turn of all
-- shops that apply.
create index pay_out_account_held on pay_out_account (merchant) where state = 2 and held = true;
create index pay_out_account_number on pay_out_account (number, branch, bank);
