-- What was sent and what came back, byte for byte, as far as the job stores it. Apart from the rows, because scans skip it.
CREATE TABLE synapse_body (
  round_id         BIGINT  NOT NULL,
  uid              INTEGER NOT NULL,
  attempt          INTEGER NOT NULL,
  request_body     BLOB    NOT NULL,
  response_body    BLOB,
  response_headers VARCHAR(262144),                        -- ASCII JSON object: name to list of values, capped
  PRIMARY KEY (round_id, uid, attempt),
  FOREIGN KEY (round_id, uid, attempt) REFERENCES synapse_history (round_id, uid, attempt)
);

-- Bodies up to 64 KiB stand in their row, not in a store of their own with a row here and rows there: writing an attempt with its
-- two bodies costs a third less.
SET MAX_LENGTH_INPLACE_LOB 65536;
