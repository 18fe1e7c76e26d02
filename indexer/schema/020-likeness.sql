-- Which texts are alike and which documents are by one hand. The table before it knew equal texts only: a
-- `dunwatch reindex` fills these.
drop table story;

-- Every text that was ever seen, once: what is compared of it, and the story that it is of.
create table text (
    seq integer primary key,
    name text not null unique,          -- hash of all that is compared
    about text not null,                -- lenders that it is mostly about
    numbers text not null,
    signature blob,                     -- null: compared as a whole only
    story text not null                 -- the least name of the texts that are reprints of one another
);
create index text_of_story on text (story) where story <> name;

-- Bands of texts' MinHash: texts that share one are compared.
create table band (
    hash integer not null,
    text integer not null,
    primary key (hash, text)
) without rowid;

-- The documents of a text.
create table print (
    id text primary key,
    text integer not null,
    at text not null
) without rowid;
create index print_of_text on print (text, at, id);

-- The first print of a story: the earliest, then the least id.
create table story (
    text integer primary key,           -- the text that the story is named for
    at text not null,
    first text not null
);

-- What ties documents to a campaign: a contact (`phone:…`), a contact on one site (`phone:…@example.com`), or a text
-- that is of a template (`text:7`); how widely it is carried, and the campaign that it belongs to.
create table evidence (
    key text primary key,
    documents integer not null default 0,
    texts integer not null default 0,
    witnesses integer not null default 0,
    sites integer not null default 0,
    lenders integer not null default 0,
    named integer not null default 0,    -- texts that name a lender
    ties integer not null default 0,
    campaign text
) without rowid;
create index evidence_of_campaign on evidence (campaign) where campaign is not null;

-- Which documents carry a piece of evidence; the first seen is the oldest.
create table carrier (
    key text not null,
    seen text not null,
    id text not null,
    role text not null,                 -- member, reporter, witness
    text text not null,
    site text not null,
    about text not null,
    primary key (key, seen, id)
) without rowid;
create index carrier_of_document on carrier (id);

-- How often each text, site and lender comes with a piece of evidence; each counts once in `evidence`.
create table breadth (
    key text not null,
    what text not null,
    value text not null,
    documents integer not null,
    primary key (key, what, value)
) without rowid;

-- Pieces of evidence that one document carries, and texts of one template. Both ways.
create table tie (
    one text not null,
    other text not null,
    primary key (one, other)
) without rowid;

create table campaign (
    name text primary key,
    seen text not null,
    id text not null                    -- the document first seen
) without rowid;

-- Documents in the store that must be written again, by what they have in common; `after` is how far that has come.
create table stale (
    kind text not null,                 -- text, evidence
    key text not null,
    after text not null default '',
    primary key (kind, key)
) without rowid;
