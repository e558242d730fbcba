-- How many files were accepted or refused, of whatever months: they are judged one after the other, as an item may stand in files of several months. In
-- card_purchase the month is that whose file named the item first.
create table purchase_turn (
  one smallint primary key,
  accepted bigint not null
);

insert into purchase_turn (one, accepted) values (1, 0);
