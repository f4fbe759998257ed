-- Providers of models that administrators typed on the page, what is known about the models of all of them, and who
-- may use which. Providers of the environment and of takeback.toml have no row.

CREATE TABLE providers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,                  -- providers::settings::Kind
    base_url TEXT NOT NULL,
    sealed_key BYTES NOT NULL,           -- providers::seal; empty: it wants none
    models TEXT NOT NULL,                -- JSON list of names, if its own list is not asked for
    context_tokens BIGINT NOT NULL,      -- 0: not said
    created_at BIGINT NOT NULL
);

-- The list of models as it was fetched last, of whichever provider.
CREATE TABLE provider_lists (
    provider_id TEXT PRIMARY KEY,
    models TEXT NOT NULL,                -- JSON
    problem TEXT NOT NULL,               -- why the last attempt failed, in our words; empty: it didn't
    fetched_at BIGINT NOT NULL
);

-- Models without a row are shown to everyone.
CREATE TABLE model_rules (
    model_id TEXT PRIMARY KEY,           -- providers::catalog::Model::id
    shown BIGINT NOT NULL,               -- 0: to nobody
    audience TEXT NOT NULL               -- everyone | admins | people
);

CREATE TABLE model_people (
    model_id TEXT NOT NULL REFERENCES model_rules (model_id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (model_id, user_id)
);
CREATE INDEX model_people_by_user ON model_people (user_id);
