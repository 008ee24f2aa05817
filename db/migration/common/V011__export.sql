-- What retention goes by: whether a round's scoring inputs ever left the database, and whether its rows are being deleted.
ALTER TABLE round ADD COLUMN exported_at TIMESTAMP WITH TIME ZONE; -- when its inputs were first written out; null = never
ALTER TABLE round ADD COLUMN pruned_at   TIMESTAMP WITH TIME ZONE; -- since when its rows are being deleted; the seal stays
