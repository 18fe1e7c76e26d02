-- What readers corrected of a document. The newest word on each point counts, over whatever the analysis finds.
create table label (
    document text not null,
    field text not null,                -- sentiment, voice, practice, lender
    subject text not null default '',   -- id of the practice or lender; empty for sentiment and voice
    value text not null,                -- a label, a voice, a stance, `named`, or `none`: it is not there
    who text not null default '',
    at text not null,                   -- ISO 8601, UTC
    primary key (document, field, subject)
) without rowid;
