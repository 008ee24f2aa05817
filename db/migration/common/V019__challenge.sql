-- The request fields of a round's targets where they are no constants, frozen before anybody is asked. A target's own row
-- goes before the round's (uid -1); of several the one with the highest first_attempt not above the attempt's number.
CREATE TABLE challenge (
  round_id      BIGINT           NOT NULL REFERENCES round (round_id),
  uid           INTEGER          NOT NULL CHECK (uid BETWEEN -1 AND 65535),
  first_attempt INTEGER          NOT NULL CHECK (first_attempt >= 1),   -- above 1 when renewed in an open round
  seed          BIGINT           NOT NULL CHECK (seed >= 0),
  origin        VARCHAR(300)     NOT NULL,                              -- file and line, row, or line of output
  fields        VARCHAR(1048576) NOT NULL,                              -- ASCII JSON object, constants included
  PRIMARY KEY (round_id, uid, first_attempt)
);

-- How much of a source the rounds of a job have had: the next round begins there.
CREATE TABLE challenge_cursor (
  job          VARCHAR(63) NOT NULL,
  source       VARCHAR(80) NOT NULL,
  handed_out_n BIGINT      NOT NULL CHECK (handed_out_n >= 0),
  PRIMARY KEY (job, source)
);
