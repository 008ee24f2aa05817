-- The outcomes after which a round asks a target again, as its job said at the opening, with a space between two; null = opened
-- before this was kept.
ALTER TABLE round ADD COLUMN retried VARCHAR(200);
