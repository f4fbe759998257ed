-- Assistants, which of them speaks in a conversation, and guests, who talk without an account.

CREATE TABLE assistants (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    visibility TEXT NOT NULL,            -- private | listed
    newest BIGINT NOT NULL,              -- the version that its editors see
    published BIGINT NOT NULL,           -- the version that everybody else gets; 0: none yet
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX assistants_by_owner ON assistants (owner_id, updated_at, id);
CREATE INDEX assistants_by_visibility ON assistants (visibility, updated_at, id);

CREATE TABLE assistant_versions (
    assistant_id TEXT NOT NULL REFERENCES assistants (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,              -- from 1
    saved_by TEXT NOT NULL,              -- no reference: the version outlives the account
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,              -- lower case, for search
    emoji TEXT NOT NULL,                 -- in the place of a picture; empty: its initials
    picture_id TEXT NOT NULL,            -- one of its files; empty: none
    description TEXT NOT NULL,
    body TEXT NOT NULL,                  -- JSON, assistants::version::Body: nothing of it is for anybody but its editors
    created_at BIGINT NOT NULL,
    PRIMARY KEY (assistant_id, number)
);

-- Pictures and knowledge. A version names those that it has, so that several versions have the same.
CREATE TABLE assistant_files (
    id TEXT PRIMARY KEY,
    assistant_id TEXT NOT NULL REFERENCES assistants (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,                  -- picture | knowledge
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    bytes BYTES NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX assistant_files_by_assistant ON assistant_files (assistant_id);

-- People besides its owner who may change it.
CREATE TABLE assistant_editors (
    assistant_id TEXT NOT NULL REFERENCES assistants (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (assistant_id, user_id)
);
CREATE INDEX assistant_editors_by_user ON assistant_editors (user_id);

-- Who speaks in a conversation, if it is an assistant. No reference to it: the conversation stays when it is deleted.
CREATE TABLE conversation_assistants (
    conversation_id TEXT PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
    assistant_id TEXT NOT NULL,
    version BIGINT NOT NULL,             -- the one that answered last
    name TEXT NOT NULL,                  -- as it was called then
    link_id TEXT NOT NULL                -- by which link it was reached; empty: by none
);
CREATE INDEX conversation_assistants_by_assistant ON conversation_assistants (assistant_id);
CREATE INDEX conversation_assistants_by_link ON conversation_assistants (link_id);

-- A guest is a row of users with the role guest, who has no address, no password and no session, so that what they say is
-- owned like everybody's; and this row, which says how they are known.
CREATE TABLE guests (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    token_hash BYTES UNIQUE,             -- SHA-256 of the cookie; NULL: an editor who tries the assistant
    assistant_id TEXT NOT NULL,
    link_id TEXT NOT NULL,               -- whose guest; empty: nobody's, an editor tries it
    editor_id TEXT,                      -- who tries it
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    UNIQUE (assistant_id, editor_id)
);
CREATE INDEX guests_by_link ON guests (link_id);
CREATE INDEX guests_by_use ON guests (last_used_at);
