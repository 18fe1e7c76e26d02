-- When each source is crawled next, as the schedule last worked it out. Times are ISO 8601, UTC.
create table schedule (
    source text primary key,
    since text not null,                -- when the schedule first saw the source
    due_at text not null,
    failures integer not null default 0, -- crawls in a row that failed
    failing_since text,                 -- when the first of them began
    error text not null default '',     -- what the last of them said
    why text not null default ''        -- why it is later than the source asks for, if it is
) without rowid;

-- Where the crawl workers of one machine agree: who crawls a source and until when (seconds since 1970) if not renewed,
-- until when a host is
-- left alone, and how many requests a source made on a day of its zone.
create table lease (
    source text primary key,
    owner text not null,
    until real not null
) without rowid;
create table host (
    name text primary key,
    free_at real not null
) without rowid;
create table spent (
    source text primary key,
    day text not null,
    requests integer not null
) without rowid;

-- Why a crawl failed as a whole. When the source is crawled next is above.
alter table run add column error text not null default '';
alter table run drop column next_at;
