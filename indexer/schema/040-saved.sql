-- Searches that a team keeps: words and filters, without a period.
create table saved_search (
    seq integer primary key autoincrement,
    name text not null unique,
    q text not null default '',
    filters text not null default '{}', -- JSON: filter to its values
    created_at text not null,           -- ISO 8601, UTC
    created_by text not null default '',
    at_least integer,                   -- stories within `hours` that are an alert; null: none
    hours integer not null default 24
);

-- What each reader had seen of it: how many it found then.
create table saved_search_seen (
    search integer not null references saved_search (seq),
    who text not null default '',
    at text not null,
    total integer not null,
    primary key (search, who)
) without rowid;
