-- Two persons of one mind decide; where the first two disagree, a third one's word is with one of them.
alter table merchant_application add column second_reason text;
alter table merchant_application add column third_by text;
alter table merchant_application add column third_accepts boolean;
alter table merchant_application add column third_reason text;

-- What one person accepted against another one's no is in review again.
update merchant_application set state = 2 where state = 4 and first_accepts = false;
