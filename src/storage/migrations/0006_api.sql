-- Keys of programs, and what makes a repeated request harmless.

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key_hash BYTES NOT NULL UNIQUE,      -- SHA-256 of the whole key, which has 256 random bits
    hint TEXT NOT NULL,                  -- its first and last characters, to tell one from another
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,                -- api_keys::scope names with a space between
    created_at BIGINT NOT NULL,
    expires_at BIGINT,                   -- NULL: never
    last_used_at BIGINT NOT NULL         -- to some minutes; 0: never
);
CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at, id);

-- What a request made, so that its repeat makes nothing. Kept for a day; the id of what was taken back since stays
-- here alone, so that a late repeat doesn't bring it back.
CREATE TABLE api_repeats (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mark BYTES NOT NULL,                 -- SHA-256 of what the sender marked the request with
    body_hash BYTES NOT NULL,            -- SHA-256 of the body
    object_id TEXT NOT NULL,             -- what it made
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, mark)
);
CREATE INDEX api_repeats_by_time ON api_repeats (created_at);
