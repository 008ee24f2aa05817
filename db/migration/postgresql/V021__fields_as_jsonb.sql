-- The extracted fields once more, for questions inside them. The text stays what is sealed and exported. An axon can write JSON
-- that jsonb cannot hold (U+0000, half a character, a number out of range): that row has no jsonb, and no other row suffers.
CREATE FUNCTION jsonb_or_null(source TEXT) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN source::jsonb;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END $$;

ALTER TABLE scoring_input ADD COLUMN fields_jsonb jsonb GENERATED ALWAYS AS (jsonb_or_null(fields)) STORED;
