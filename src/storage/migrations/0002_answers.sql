-- Answers of models, and what a person wants of all of them.

CREATE TABLE answers (
    message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    state TEXT NOT NULL,                 -- running | done | stopped | failed | cut | interrupted
    model_id TEXT NOT NULL,              -- providers::catalog::Model::id, for another try
    problem TEXT NOT NULL,               -- why it failed or ends early, in words for the person; empty: it didn't
    read_from TEXT NOT NULL,             -- the first message that the model was sent; empty: the whole branch
    input_tokens BIGINT NOT NULL,        -- 0: unknown
    output_tokens BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,         -- 0: not yet
    leased_until BIGINT NOT NULL         -- a running answer whose lease ended lost its server
);
CREATE INDEX answers_by_conversation ON answers (conversation_id, state);
CREATE INDEX answers_by_lease ON answers (state, leased_until);

-- What a running answer said so far, in pieces that are only ever added. Put together and removed when it ends.
CREATE TABLE answer_pieces (
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,                  -- text | reasoning
    words TEXT NOT NULL,
    PRIMARY KEY (message_id, number)
);

CREATE TABLE preferences (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    instructions TEXT NOT NULL,          -- custom instructions; never part of a share
    model_id TEXT NOT NULL               -- chosen last
);

-- The title that the server gave by itself; while the title is still this, the model may give a better one.
ALTER TABLE conversations ADD COLUMN server_title TEXT;
