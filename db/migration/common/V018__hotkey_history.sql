-- Where a hotkey served, in the snapshots rounds were opened on, each stay one row. A snapshot that shows it nowhere ends nothing.
CREATE TABLE axon_tenure (
  network    VARCHAR(64) NOT NULL,
  netuid     INTEGER     NOT NULL,
  hotkey     VARCHAR(48) NOT NULL,
  host       VARCHAR(45) NOT NULL,
  port       INTEGER     NOT NULL,
  from_block BIGINT      NOT NULL,                         -- of the first snapshot that shows it
  to_block   BIGINT      NOT NULL,                         -- of the last one
  latest     BOOLEAN     NOT NULL,                         -- no later address is known
  PRIMARY KEY (network, netuid, hotkey, from_block),
  CHECK (from_block <= to_block)
);
CREATE INDEX axon_tenure_by_host ON axon_tenure (host, port);

-- What the targets so far show. One row per subnet, block and hotkey is enough.
INSERT INTO axon_tenure
SELECT network, netuid, hotkey, host, port, MIN(block), MAX(block),
       stay = MAX(stay) OVER (PARTITION BY network, netuid, hotkey)
  FROM (SELECT c.network, c.netuid, c.hotkey, c.host, c.port, c.block,
               SUM(c.began) OVER (PARTITION BY c.network, c.netuid, c.hotkey ORDER BY c.block
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stay
          FROM (SELECT d.network, d.netuid, d.block, d.hotkey, d.host, d.port,
                       CASE WHEN d.host = LAG(d.host) OVER (PARTITION BY d.network, d.netuid, d.hotkey ORDER BY d.block)
                             AND d.port = LAG(d.port) OVER (PARTITION BY d.network, d.netuid, d.hotkey ORDER BY d.block)
                            THEN 0 ELSE 1 END AS began
                  FROM (SELECT s.network, s.netuid, s.block, t.hotkey, MIN(t.host) AS host, MIN(t.port) AS port
                          FROM target t
                          JOIN round r ON r.round_id = t.round_id
                          JOIN snapshot s ON s.snapshot_id = r.snapshot_id
                         WHERE t.host IS NOT NULL AND t.port IS NOT NULL
                         GROUP BY s.network, s.netuid, s.block, t.hotkey) d) c) stays
 GROUP BY network, netuid, hotkey, host, port, stay;

-- The way of a hotkey over uids: the other side of v_uid_history.
CREATE VIEW v_hotkey_history AS
SELECT network, netuid, hotkey, uid, from_block, to_block, latest,
       LAG(uid) OVER (PARTITION BY network, netuid, hotkey ORDER BY from_block, uid) AS previous_uid
  FROM uid_tenure;

CREATE VIEW v_address_history AS
SELECT network, netuid, hotkey, host, port, from_block, to_block, latest,
       LAG(host) OVER (PARTITION BY network, netuid, hotkey ORDER BY from_block) AS previous_host,
       LAG(port) OVER (PARTITION BY network, netuid, hotkey ORDER BY from_block) AS previous_port
  FROM axon_tenure;
