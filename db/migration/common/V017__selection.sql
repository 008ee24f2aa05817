-- What a round's selection used, beside the seed and the job file: the rules in one line with their defaults, and the stretch of the
-- round-robin ring it took. Places on the ring are 64 hexadecimal digits.
ALTER TABLE round ADD COLUMN selection VARCHAR(16000);
ALTER TABLE round ADD COLUMN ring_seed BIGINT;
ALTER TABLE round ADD COLUMN ring_from VARCHAR(64);
ALTER TABLE round ADD COLUMN ring_to VARCHAR(64);

-- Another target of the round has the same address and port.
ALTER TABLE target ADD COLUMN dup_endpoint BOOLEAN DEFAULT FALSE NOT NULL;

-- Addresses at which a job's last rounds found no sign of an axon; a row goes when one answers. Written with the seal.
CREATE TABLE quiet_address (
  job      VARCHAR(63) NOT NULL,
  host     VARCHAR(45) NOT NULL,
  round_n  INTEGER     NOT NULL CHECK (round_n >= 1),      -- sealed rounds in a row
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,              -- the opening of the last of them
  PRIMARY KEY (job, host)
);
