-- Who saw evidence, changed what, exported what, logged in. Rows are added and never changed.
create table audit (
    seq integer primary key autoincrement,
    at text not null,                   -- ISO 8601, UTC
    who text not null,                  -- user or token; empty: nobody logged in
    role text not null,                 -- viewer, analyst, admin; cli: on the command line; empty: nobody logged in
    address text not null,              -- where from; empty on the command line
    action text not null,               -- a key of indexer.people.audit.ACTIONS
    target text not null,               -- the address of the page, or the name of what was changed
    detail text not null
);
create index audit_who on audit (who, seq);
