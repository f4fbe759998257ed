-- Who wants an answer to end says so here, to whichever server writes it.

ALTER TABLE answers ADD COLUMN ending BIGINT; -- NULL: nobody does; 1: keep what it says; 2: its conversation is gone, write nothing more
DROP INDEX answers_by_lease;
CREATE INDEX answers_by_ending ON answers (state, ending, message_id);
