-- A bank account that a member linked: the bank's own token for it, and what the member recognises it by. Its number is not kept. Removed ones stay,
-- for charges name them by their time; removed_ms says that nothing is taken from it any more.
create table bank_account (
  id uuid primary key,
  member uuid not null,
  token text not null,
  bank_name text not null,
  last_four text not null,
  linked_ms bigint not null,
  removed_ms bigint
);

create index bank_account_member on bank_account (member, linked_ms);

-- Whose a bank account is here: one account, one wallet. Its own table, so that it is unique wherever its member's row lives. number_hash: of bank,
-- branch, kind and number, under a key of the installation, for numbers are few enough to be tried.
create table bank_account_claim (
  number_hash bytea primary key,
  bank_account uuid not null,
  member uuid not null
);

create index bank_account_claim_account on bank_account_claim (bank_account);
