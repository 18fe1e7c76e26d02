-- What a team does about a document. A document without a row is new; every change adds a row, the last one counts.
create table handling (
    seq integer primary key autoincrement,
    document text not null,
    state text not null check (state in ('new', 'in-hand', 'answered', 'not-ours')),
    owner text not null,                -- who looks after it, empty: nobody
    note text not null,                 -- masked
    at text not null,                   -- ISO 8601, UTC
    who text not null,                  -- who changed it
    last integer not null               -- 1 on the document's newest row, else 0
);
create unique index handling_last on handling (document) where last;
create index handling_state on handling (state, document) where last;
create index handling_document on handling (document, seq);
