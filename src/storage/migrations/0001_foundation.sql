-- Portable types only (src/storage/dialect.rs translates BYTES): ids are TEXT, times BIGINT Unix microseconds,
-- yes/no BIGINT 0 or 1, JSON is TEXT and never queried inside. No defaults, no triggers: the code says every value.

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT UNIQUE,               -- lower case; NULL once the account is deleted, so the address is free again
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,                  -- admin | member
    share_epoch BIGINT NOT NULL,         -- a link is open only while it carries its owner's epoch; delete all bumps it
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    deleted_at BIGINT                    -- set at once; the row and its words go with the clean-up
);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    token_hash BYTES NOT NULL UNIQUE,    -- SHA-256 of the cookie
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client TEXT NOT NULL,                -- "Firefox on Linux"
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id, last_seen_at);

-- Links that work once: an invitation makes an account, a reset sets a password.
CREATE TABLE one_time_links (
    id TEXT PRIMARY KEY,
    token_hash BYTES NOT NULL UNIQUE,
    kind TEXT NOT NULL,                  -- invite | reset
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,    -- whose password a reset sets
    email TEXT NOT NULL,                 -- the one address that an invitation is for; empty: any
    created_by TEXT REFERENCES users (id) ON DELETE CASCADE, -- NULL: the command line
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX one_time_links_by_user ON one_time_links (user_id);
CREATE INDEX one_time_links_by_maker ON one_time_links (created_by);

CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    owner_id TEXT REFERENCES users (id), -- NULL: deleted, unreachable by every query, waiting for the clean-up
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,             -- lower case, for search
    imported_title TEXT,                 -- as at the last import; an import changes the title only while it is still this
    source TEXT,                         -- where it was imported from
    source_id TEXT,                      -- its id there; the same import adds nothing twice
    current_message_id TEXT,             -- the leaf of the current branch
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (owner_id, source, source_id)
);
CREATE INDEX conversations_by_owner ON conversations (owner_id, updated_at, id);

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id TEXT,
    position BIGINT NOT NULL,            -- order of arrival in the conversation; orders siblings
    role TEXT NOT NULL,                  -- system | user | assistant | tool
    model TEXT,
    hidden BIGINT NOT NULL,
    source_id TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (conversation_id, position),
    UNIQUE (conversation_id, source_id)
);
CREATE INDEX messages_by_parent ON messages (conversation_id, parent_id);

CREATE TABLE message_bodies (
    message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    parts TEXT NOT NULL                  -- JSON array of takeback_transcripts::Part
);

CREATE TABLE files (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BYTES NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX files_by_conversation ON files (conversation_id);

CREATE TABLE links (
    id TEXT PRIMARY KEY,                 -- link_ and the token of the URL
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    share_epoch BIGINT NOT NULL,         -- the owner's when the link was made
    target_type TEXT NOT NULL,           -- conversation
    target_id TEXT NOT NULL,
    snapshot_id TEXT NOT NULL,           -- the one that shows
    revision BIGINT NOT NULL,
    message_count BIGINT NOT NULL,
    last_message_id TEXT NOT NULL,       -- where the branch was cut; tells how far behind the link is
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    author TEXT NOT NULL,                -- anonymous | name
    allow_continue BIGINT NOT NULL,
    access TEXT NOT NULL,                -- anyone
    expires_at BIGINT,
    views BIGINT NOT NULL,
    last_viewed_at BIGINT NOT NULL,      -- 0: never; NULLs would sort differently on the two databases
    copies BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX links_by_owner ON links (owner_id, created_at, id);
CREATE INDEX links_by_views ON links (owner_id, views, id);
CREATE INDEX links_by_last_view ON links (owner_id, last_viewed_at, id);
CREATE INDEX links_by_epoch ON links (owner_id, share_epoch);
CREATE INDEX links_by_target ON links (target_id);

CREATE TABLE snapshots (
    id TEXT PRIMARY KEY,
    link_id TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    body TEXT NOT NULL,                  -- JSON, links::snapshot::Body
    created_at BIGINT NOT NULL
);
CREATE INDEX snapshots_by_link ON snapshots (link_id);

CREATE TABLE snapshot_files (
    snapshot_id TEXT NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE,
    file_id TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BYTES NOT NULL,
    PRIMARY KEY (snapshot_id, file_id)
);

CREATE TABLE link_reports (
    id TEXT PRIMARY KEY,
    link_id TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    details TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX link_reports_by_link ON link_reports (link_id);
CREATE INDEX link_reports_by_time ON link_reports (created_at, id);

CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    file_name TEXT NOT NULL,
    state TEXT NOT NULL,                 -- running | done | failed | interrupted
    total_bytes BIGINT NOT NULL,
    done_bytes BIGINT NOT NULL,
    report TEXT NOT NULL,                -- JSON, transfer::report::Report
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX imports_by_user ON imports (user_id, created_at, id);

CREATE TABLE audit_events (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    user_id TEXT,                        -- no reference: the event outlives the account
    action TEXT NOT NULL,
    object_id TEXT NOT NULL,
    client TEXT NOT NULL                 -- web | cli | server
);
CREATE INDEX audit_events_by_user ON audit_events (user_id, at, id);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,               -- the id the job works on
    run_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,        -- 0: nobody works on it
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX jobs_by_time ON jobs (run_at, id);
