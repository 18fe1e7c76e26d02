-- Messages that wait, were accepted, or failed: one row a message and recipient. `key` keeps any from being queued twice.
create table outbox (
    seq integer primary key autoincrement,
    key text not null unique,           -- alert, kind, number, recipient
    channel text not null check (channel in ('mail', 'webhook')),
    recipient text not null,            -- name in config/alerts.yaml
    address text not null,              -- mailbox, or name of the webhook in config/alerts.yaml
    content blob not null,              -- zlib of the MIME message or of the webhook's JSON; emptied once accepted
    queued_at text not null,            -- ISO 8601, UTC
    due_at text not null,               -- not before; pushed back before each attempt
    attempts integer not null default 0,
    tried_at text,
    answer text not null default '',    -- what the server said last
    status text not null default 'waiting' check (status in ('waiting', 'sent', 'failed')),
    done_at text                        -- when it was accepted or given up
);
create index outbox_due on outbox (due_at) where status = 'waiting';
create index outbox_tried on outbox (channel, tried_at);

-- Who wants a digest no more, by the link in the mail.
create table unsubscribed (
    recipient text not null,
    digest text not null check (digest in ('daily', 'weekly')),
    at text not null,
    primary key (recipient, digest)
) without rowid;
