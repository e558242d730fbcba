-- What a member chose at registration and may change: news by mail and by post, and the points that they collect towards (null: no goal).
alter table member add column newsletter boolean not null default false;
alter table member add column postal_mail boolean not null default false;
alter table member add column goal_points bigint;
