-- Who did what is read now, not only written.

ALTER TABLE audit_events ADD COLUMN address TEXT; -- the network that the request came from (/24 or /48); NULL: no request, or not known
CREATE INDEX audit_events_by_time ON audit_events (at, id);
CREATE INDEX audit_events_by_object ON audit_events (object_id, at, id);
