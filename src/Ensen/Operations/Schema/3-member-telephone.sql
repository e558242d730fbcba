-- Operators look members up by telephone.
create index member_by_telephone on member (telephone);
