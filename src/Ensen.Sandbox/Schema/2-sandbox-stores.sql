-- Stores that were opened with the sandbox's own PINs, which its pages may therefore tell.
create table sandbox_store (
  id uuid primary key
);
