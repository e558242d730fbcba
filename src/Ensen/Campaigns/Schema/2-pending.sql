-- What of a member is pending until a day (term): who releases it looks by member and day.
create index campaign_award_pending on campaign_award (member_id, term) where account_type = 6;
