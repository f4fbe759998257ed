-- Knowledge whose text was taken out of a PDF: how much of it. NULL: it came as text.
ALTER TABLE assistant_files ADD COLUMN pages BIGINT;
ALTER TABLE assistant_files ADD COLUMN blank_pages BIGINT;  -- of those, without text
ALTER TABLE assistant_files ADD COLUMN words BIGINT;
