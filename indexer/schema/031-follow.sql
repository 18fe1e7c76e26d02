-- Versions of a Post in the order in which they were fetched, whatever the order in which they came.
alter table post add column fetched_at text not null default '';
update post set fetched_at = fetched_at_of(payload);
drop index post_by_id;
create index post_by_id on post (id, fetched_at, seq);

-- When a Post was found to be there no more; null while it is there. Of its newest version.
alter table post add column deleted_at text;

-- Pages are visited again while they change: `changed_at` is when their Posts last did, `due_at` the next visit (null:
-- none), `old` says that they have rested for longer than their source follows them, `thread` is the first page of
-- the thread that they go on with.
alter table page add column thread text;
alter table page add column due_at text;
alter table page add column old integer not null default 0;
update page set thread = json_extract(hint, '$.thread');
update page set due_at = fetched_at, old = 1
    where role = 'article' and fetched_at is not null and status not in (404, 410);
create index page_due on page (source, old, due_at) where due_at is not null;
create index page_of_thread on page (source, thread) where thread is not null;

-- Which Posts each page held when it was last read.
create table seen_on (
    source text not null,
    page text not null,                 -- as in `page`
    id text not null,
    primary key (source, page, id)
) without rowid;
create index seen_on_of on seen_on (id);

-- Posts that no page holds any more; a reply may have moved to a page of its thread that is still to be read again.
create table missing (
    id text primary key,
    source text not null,
    thread text not null,               -- as in `page`; the page itself where it is of no thread
    at text not null
) without rowid;
create index missing_of_thread on missing (source, thread);

-- Counters of a Post, each time that they were others than before.
create table engagement (
    id text not null,
    at text not null,                   -- when it was fetched
    counts text not null,               -- JSON
    primary key (id, at)
) without rowid;

-- When the source is to be crawled again, as known when the crawl began.
alter table run add column next_at text;
create index run_finished on run (finished_at);

-- A source that drifted: it gives less than it used to, or worse. Crawls from `first` on, up to `last`, which was well
-- again, don't count as its history.
create table drift (
    seq integer primary key autoincrement,
    source text not null,
    opened_at text not null,
    first integer not null,             -- the first crawl that was unusual
    last integer,                       -- null while it lasts
    well_at text,
    signs text not null                 -- JSON: what was unusual, with figures
);
create unique index drift_open on drift (source) where well_at is null;

-- What processes measured, added up in buckets, for Prometheus.
create table histogram (
    name text not null,
    label text not null,
    le real not null,                   -- upper bound of the bucket; 9e999 for the last
    count integer not null,             -- within this bucket alone
    total real not null,                -- sum of what was measured
    primary key (name, label, le)
) without rowid;
