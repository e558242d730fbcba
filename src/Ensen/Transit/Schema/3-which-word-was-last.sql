-- Of rides of a card that overlap in time, which are one ride told in several ways, the last that was told stands: by its delivery (feed) and the line in it.
alter table ride add column line bigint not null default 0;
