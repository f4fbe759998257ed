-- Programs list conversations by the time at which they were made: it never changes, so their cursors lose nothing.
CREATE INDEX conversations_by_creation ON conversations (owner_id, created_at, id);
