-- Where people's programs are told what happens to their links, and what they were told.

CREATE TABLE webhook_endpoints (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    event_types TEXT NOT NULL,           -- webhooks::event names with a space between
    state TEXT NOT NULL,                 -- on | off | failing | gone
    sealed_secret BYTES NOT NULL,        -- providers::seal
    old_sealed_secret BYTES NOT NULL,    -- the one before it; empty: none
    old_valid_until BIGINT NOT NULL,
    hint TEXT NOT NULL,                  -- the secret's first and last characters
    failing_since BIGINT NOT NULL,       -- the first failure since it last took something; 0: none
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_by_user ON webhook_endpoints (user_id, created_at, id);

CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY,                 -- the header webhook-id, the same at each attempt
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    event_type TEXT NOT NULL,
    body TEXT NOT NULL,                  -- JSON, without content
    state TEXT NOT NULL,                 -- waiting | delivered | failed
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,             -- while it waits
    last_at BIGINT NOT NULL,             -- 0: never tried
    last_status BIGINT NOT NULL,         -- 0: there was no answer
    problem TEXT NOT NULL,               -- in our words; empty: none
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, created_at, id);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (endpoint_id, next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (created_at);
