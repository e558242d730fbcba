-- Somebody has registered with an address that somebody else had typed before and that nobody has confirmed. id: the member whom the link of its mail
-- makes. What was typed is forgotten when an account has the address, or when the link has lapsed.
create table later_registration (
  id uuid primary key,
  email_key text not null,
  email text not null,
  name text not null,
  telephone text not null,
  language text not null,
  newsletter boolean not null,
  postal_mail boolean not null,
  hash text not null,
  created_ms bigint not null
);

create index later_registration_email on later_registration (email_key);
create index later_registration_created on later_registration (created_ms);
create index mail_token_email on mail_token (email_key);
