-- Links that ask for a password, or that can be opened only so often.
ALTER TABLE links ADD COLUMN password_hash TEXT;
ALTER TABLE links ADD COLUMN max_views BIGINT;
ALTER TABLE links ADD COLUMN lock_key TEXT;  -- what a visitor's proof is made with; another one after each change of the two
