-- Links that end by themselves: when that was written down. NULL: it wasn't, or they haven't.
ALTER TABLE links ADD COLUMN expired_at BIGINT;
CREATE INDEX links_by_expiry ON links (expires_at, id) WHERE expires_at IS NOT NULL AND expired_at IS NULL;
