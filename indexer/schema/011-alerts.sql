-- Alerts and what became of them. Times are ISO 8601, UTC.
create table alert (
    seq integer primary key autoincrement,
    rule text not null,                 -- name in config/alerts.yaml
    subject text not null,              -- of:value, such as lender:招联消费金融; the first of its members
    state text not null check (state in ('open', 'eased', 'closed')),
    severity text not null,
    opened_at text not null,
    updated_at text not null,           -- when it last changed
    unusual_at text not null,           -- end of the last unusual window
    closed_at text,
    observed integer not null,          -- stories, at the peak
    told integer not null,              -- stories when a message last went out
    messages text not null default '{}',-- JSON: messages by kind
    acknowledged_at text,
    acknowledged_by text not null default '',
    note text not null default '',
    owner text not null default '',
    silenced text not null default '',  -- why nothing was mailed
    stories text not null default '[]', -- JSON: ids of the stories of its window, to tell what belongs to it
    facts text not null                 -- JSON of the Notice that last told of it
);
create index alert_live on alert (state) where state != 'closed';

-- The series that one alert is about; a later window of any of them belongs to it.
create table alert_member (
    alert integer not null references alert (seq),
    rule text not null,
    subject text not null,
    unusual_at text not null,
    primary key (alert, rule, subject)
) without rowid;
create index alert_member_by_subject on alert_member (rule, subject);

-- What happened to an alert, for its page.
create table alert_event (
    seq integer primary key autoincrement,
    alert integer not null references alert (seq),
    at text not null,
    kind text not null,                 -- opened, grew, eased, closed, escalated, acknowledged, noted, silenced
    who text not null default '',
    said text not null default ''
);
create index alert_event_by_alert on alert_event (alert, seq);

-- Since when a source without crawls (files) is watched.
create table source_since (
    source text primary key,
    since text not null
) without rowid;

-- When things were last done: check, daily, weekly.
create table alert_done (
    what text primary key,
    at text not null
) without rowid;
