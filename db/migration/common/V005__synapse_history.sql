-- One row per attempt: committed as INTENT before the query leaves, then DONE, UNKNOWN (we died in between) or
-- RELEASED (claimed, never sent). Observed values and the axon's claims stand in separate columns.
CREATE TABLE synapse_history (
  round_id                 BIGINT      NOT NULL,
  uid                      INTEGER     NOT NULL,
  attempt                  INTEGER     NOT NULL CHECK (attempt >= 1),
  fence                    BIGINT      NOT NULL,
  state                    VARCHAR(8)  NOT NULL CHECK (state IN ('INTENT', 'DONE', 'UNKNOWN', 'RELEASED')),
  nonce                    BIGINT      NOT NULL UNIQUE,    -- epoch nanoseconds
  uuid                     VARCHAR(36) NOT NULL,
  claimed_at               TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at                 TIMESTAMP WITH TIME ZONE,
  outcome                  VARCHAR(20) REFERENCES outcome (name),
  detail                   VARCHAR(300),
  http_status              INTEGER,
  dendrite_status_code     INTEGER,                        -- what bittensor.dendrite would have recorded
  dendrite_status_message  VARCHAR(2000),
  queue_nanos              BIGINT      CHECK (queue_nanos >= 0),       -- from the claim until work on it began
  prepare_nanos            BIGINT      CHECK (prepare_nanos >= 0),     -- hashing and signing
  connect_nanos            BIGINT      CHECK (connect_nanos >= 0),
  first_byte_nanos         BIGINT      CHECK (first_byte_nanos >= 0),  -- from the end of connect
  total_nanos              BIGINT      CHECK (total_nanos > 0),        -- from the end of connect; null without a latency
  request_body_hash        VARCHAR(64),
  response_bytes           BIGINT      CHECK (response_bytes >= 0),
  response_sha256          VARCHAR(64),
  claimed_status_code      INTEGER,
  claimed_status_message   VARCHAR(2000),
  claimed_process_time     VARCHAR(100),
  fields                   VARCHAR(262144),                -- ASCII JSON object: the job's named fields of the answer
  PRIMARY KEY (round_id, uid, attempt),
  FOREIGN KEY (round_id, uid) REFERENCES target (round_id, uid),
  CHECK ((state = 'DONE') = (outcome IS NOT NULL))
);
