-- Everything that is state and not index. One file, the same whichever store is in use.

-- The spool and the versions of every Post: a row a version, the newest has the highest seq of its id.
create table post (
    seq integer primary key autoincrement,
    id text not null,
    content_hash text not null,
    source text not null,
    first_seen_at text not null,        -- ISO 8601, UTC; the same for all versions of an id
    payload blob not null,              -- zlib of the Post's JSON
    touched integer not null default 0, -- how often its counters changed
    status text not null default 'pending' check (status in ('pending', 'indexed', 'superseded', 'rejected'))
);
create index post_by_id on post (id, seq);
create index post_pending on post (seq) where status = 'pending';

-- What was refused and why, kept for `dunwatch rejected`.
create table rejected (
    seq integer primary key autoincrement,
    at text not null,
    stage text not null,                -- fetch, extract, ingest, analyse, store
    source text not null,
    url text not null,
    reason text not null,
    sample text not null default ''
);

-- Every page that a crawl knows: discovered, and fetched or not.
create table page (
    source text not null,
    url text not null,                  -- canonical
    role text not null check (role in ('list', 'article')),
    depth integer not null default 0,
    discovered_at text not null,
    fetched_at text,                    -- null: still to fetch
    changed_at text,                    -- when its bytes last differed
    status integer,                     -- HTTP status of the last fetch
    etag text,
    last_modified text,
    sha256 text,
    failures integer not null default 0,
    hint text not null default '{}',    -- JSON: what the link's page said of it (title, time)
    primary key (source, url)
) without rowid;
create index page_to_fetch on page (source, discovered_at) where fetched_at is null;

-- One row a crawl of a source.
create table run (
    seq integer primary key autoincrement,
    source text not null,
    started_at text not null,
    finished_at text,
    outcome text,                       -- finished, stopped, failed
    counts text not null default '{}'   -- JSON: pages, posts, unchanged, rejected, robots, errors by kind
);
create index run_by_source on run (source, seq);

-- Who printed a story, to name the first: order by at, then id.
create table story (
    id text primary key,                -- document id
    story text not null,
    at text not null
) without rowid;
create index story_members on story (story, at, id);
