-- The index of words that search reads; src/search/mod.rs says how it works. All of it can be made again from the
-- messages.

-- Conversations with something that the index doesn't have yet. Each change adds a row of its own, so none is lost
-- while an earlier one is being worked on.
CREATE TABLE search_pending (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    at BIGINT NOT NULL                   -- when the conversation changed last: the newest are indexed first
);
CREATE INDEX search_pending_by_owner ON search_pending (owner_id, at, id);
CREATE INDEX search_pending_by_conversation ON search_pending (conversation_id);

-- How much of a conversation is in the index.
CREATE TABLE search_conversations (
    conversation_id TEXT PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
    next_position BIGINT NOT NULL,       -- messages before this position were looked at
    title TEXT NOT NULL                  -- the title as it was indexed
);

-- Messages and titles that are in no block yet, one row each.
CREATE TABLE search_fresh (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,            -- the message's; -1: this is the title
    at BIGINT NOT NULL,                  -- when it was said
    words TEXT NOT NULL                  -- each once, in order, with a space between
);
CREATE INDEX search_fresh_by_owner ON search_fresh (owner_id, at, id);
CREATE INDEX search_fresh_by_conversation ON search_fresh (conversation_id, position);

-- Up to some thousand messages and titles of one owner, newest first (search::block).
CREATE TABLE search_blocks (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    newest BIGINT NOT NULL,              -- time of the newest
    members BYTES NOT NULL               -- which they are
);
CREATE INDEX search_blocks_by_owner ON search_blocks (owner_id, newest, id);

-- A block's words that begin alike, and which of its members have them.
CREATE TABLE search_words (
    block_id TEXT NOT NULL REFERENCES search_blocks (id) ON DELETE CASCADE,
    head TEXT NOT NULL,
    entries BYTES NOT NULL,
    PRIMARY KEY (block_id, head)
);

-- Which blocks hold something of a conversation, for when it is deleted.
CREATE TABLE search_places (
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    block_id TEXT NOT NULL REFERENCES search_blocks (id) ON DELETE CASCADE,
    PRIMARY KEY (conversation_id, block_id)
);
CREATE INDEX search_places_by_block ON search_places (block_id);

-- What is there already is indexed by the first server that runs.
INSERT INTO search_pending (id, owner_id, conversation_id, at)
    SELECT 'pend_' || id, owner_id, id, updated_at FROM conversations WHERE owner_id IS NOT NULL;
INSERT INTO jobs (id, kind, subject, run_at, leased_until, attempts, created_at)
    SELECT 'job_index_' || id, 'index', id, 0, 0, 0, 0 FROM users WHERE deleted_at IS NULL;
