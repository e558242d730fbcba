-- The charges whose outcome is not known are looked at every few seconds; there are few of them among many that ended.
create index charge_unknown on charge (at_ms) where state = 1;
