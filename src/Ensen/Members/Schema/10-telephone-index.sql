-- Money is sent to who has a telephone: it is looked for by its number.
create index member_telephone on member (telephone) where telephone is not null;
