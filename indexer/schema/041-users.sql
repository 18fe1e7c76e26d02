-- Who may use the web page and its API. Without a row here it opens without login, on this machine only.
create table user (
    name text not null primary key,
    role text not null check (role in ('viewer', 'analyst', 'admin')),
    password text not null,             -- argon2id, with salt and parameters
    added_at text not null              -- ISO 8601, UTC
) without rowid;

-- A browser that is logged in. The cookie holds the token, this table its SHA-256.
create table session (
    token text not null primary key,
    user text not null,
    opened_at text not null,
    seen_at text not null               -- written every few minutes
) without rowid;
create index session_user on session (user);

-- Logins tried in vain, by account and by address: what the next one waits for.
create table attempt (
    what text not null primary key,     -- account:SHA-256 of the name, or address:…
    failures integer not null,
    last_at text not null
) without rowid;

-- Tokens of programs. The program has the token, this table its SHA-256.
create table token (
    name text not null primary key,
    role text not null check (role in ('viewer', 'analyst', 'admin')),
    token text not null unique,
    added_at text not null,
    expires_at text,                    -- null: never
    used_at text                        -- written every few minutes
) without rowid;
