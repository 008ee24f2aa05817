-- Who asks a round, and until when that is believed. lease_until is by the database's clock; null when nobody owns the round.
ALTER TABLE round ADD COLUMN owner_process VARCHAR(200);
ALTER TABLE round ADD COLUMN owned_since TIMESTAMP WITH TIME ZONE;
ALTER TABLE round ADD COLUMN lease_until TIMESTAMP WITH TIME ZONE;
