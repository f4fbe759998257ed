-- What visitors of a link to an assistant may take of its owner's, what they took, and where its chat may stand.

CREATE TABLE link_caps (
    link_id TEXT PRIMARY KEY REFERENCES links (id) ON DELETE CASCADE,
    messages_a_day BIGINT NOT NULL,      -- of everybody together
    guest_messages_a_day BIGINT NOT NULL,
    address_messages_a_day BIGINT NOT NULL,
    input_chars BIGINT NOT NULL,         -- the longest message
    output_tokens BIGINT NOT NULL,       -- the longest answer
    tokens_a_month BIGINT NOT NULL,      -- read and written
    frames TEXT NOT NULL                 -- origins of pages that may show it in a frame, a space between two; empty: none
);

-- Never who said what: how much, by day.
CREATE TABLE link_days (
    link_id TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    day BIGINT NOT NULL,                 -- since 1970, in UTC
    messages BIGINT NOT NULL,
    guests BIGINT NOT NULL,
    tokens BIGINT NOT NULL,
    PRIMARY KEY (link_id, day)
);

-- How much one guest or one address took of a day. Removed when the day is over.
CREATE TABLE link_takers (
    link_id TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    day BIGINT NOT NULL,
    who TEXT NOT NULL,                   -- a guest's id, or a hash of an address
    messages BIGINT NOT NULL,
    PRIMARY KEY (link_id, day, who)
);
CREATE INDEX link_takers_by_day ON link_takers (day);

CREATE TABLE link_months (
    link_id TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    month BIGINT NOT NULL,               -- such as 202611
    tokens BIGINT NOT NULL,              -- spent, and set aside for answers that are being written
    PRIMARY KEY (link_id, month)
);

-- What is set aside for an answer, until it ends.
CREATE TABLE link_holds (
    message_id TEXT PRIMARY KEY,         -- the answer; no reference: its conversation may be gone before it ends
    link_id TEXT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    day BIGINT NOT NULL,
    month BIGINT NOT NULL,
    input BIGINT NOT NULL,               -- what the model reads, estimated
    tokens BIGINT NOT NULL               -- that, and the longest answer
);
CREATE INDEX link_holds_by_link ON link_holds (link_id);
