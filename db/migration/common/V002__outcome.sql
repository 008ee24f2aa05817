-- The closed list of how a target ends: who is at fault unless the round shows otherwise, and whether a latency belongs to it.
CREATE TABLE outcome (
  name          VARCHAR(20) PRIMARY KEY,
  blame         VARCHAR(10) NOT NULL CHECK (blame IN ('NONE', 'MINER', 'NETWORK', 'VALIDATOR')),
  latency_known BOOLEAN     NOT NULL
);

INSERT INTO outcome (name, blame, latency_known) VALUES
  ('OK',              'NONE',      TRUE),
  ('REFUSED',         'MINER',     TRUE),
  ('AXON_ERROR',      'MINER',     TRUE),
  ('BAD_BODY',        'MINER',     TRUE),
  ('TOO_LARGE',       'MINER',     FALSE),
  ('BAD_PROTOCOL',    'MINER',     FALSE),
  ('TIMED_OUT',       'MINER',     FALSE),
  ('UNREACHABLE',     'NETWORK',   FALSE),
  ('DISCONNECTED',    'NETWORK',   FALSE),
  ('NOT_SERVING',     'MINER',     FALSE),
  ('BLOCKED_ADDRESS', 'MINER',     FALSE),
  ('UNSENT',          'VALIDATOR', FALSE),
  ('UNKNOWN',         'VALIDATOR', FALSE),
  ('LOCAL_FAULT',     'VALIDATOR', FALSE);
