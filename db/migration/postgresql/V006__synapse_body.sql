-- What was sent and what came back, byte for byte, as far as the job stores it. Apart from the rows, because scans skip it, and in
-- ranges of round numbers, so that retention drops a range whole. The ranges are made as rounds are opened. No foreign key: with
-- one, making and dropping a range would stop every writer of synapse_history; a body is written in its attempt's transaction.
CREATE TABLE synapse_body (
  round_id         BIGINT  NOT NULL,
  uid              INTEGER NOT NULL,
  attempt          INTEGER NOT NULL,
  request_body     BYTEA   NOT NULL,
  response_body    BYTEA,
  response_headers VARCHAR(262144),                        -- ASCII JSON object: name to list of values, capped
  PRIMARY KEY (round_id, uid, attempt)
) PARTITION BY RANGE (round_id);
