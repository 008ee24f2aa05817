-- The operators' views, a stable contract (db/README.md): columns are added, never renamed, moved or given another meaning.
-- Those over many rounds read the narrow rows of a sealed round's summary, or the last 24 hours or 7 days only.

CREATE VIEW v_round_summary AS
SELECT round_id, job, network, netuid, block, opened_at, sealed_at, target_n, asked_n, attempt_n, denominator_n, ok_n,
       CAST(ok_n AS DOUBLE PRECISION) / NULLIF(denominator_n, 0) AS success_rate,
       miner_n, network_n, validator_n, response_bytes, p50_nanos, p95_nanos, kind
  FROM round_summary;

CREATE VIEW v_failures_by_blame AS
SELECT s.round_id, s.job, s.sealed_at, o.blame, o.outcome, o.target_n
  FROM round_summary s JOIN round_outcome o ON o.round_id = s.round_id
 WHERE o.outcome <> 'OK';

-- A median latency of 0 has no ratio.
CREATE VIEW v_position_bias AS
SELECT round_id, job, sealed_at, ok_n, first_quarter_p50_nanos, last_quarter_p50_nanos,
       CAST(last_quarter_p50_nanos AS DOUBLE PRECISION) / NULLIF(first_quarter_p50_nanos, 0) AS last_to_first_ratio,
       rank_correlation
  FROM round_summary;

-- A follow-up asks a chosen few targets of another round once more, so it counts in no rate; a hotkey's latest result may be its.
CREATE VIEW v_miner_24h AS
SELECT s.job, i.hotkey, COUNT(*) AS round_n,
       COUNT(CASE WHEN i.in_denominator THEN 1 END) AS denominator_n,
       COUNT(CASE WHEN i.outcome = 'OK' THEN 1 END) AS ok_n,
       CAST(COUNT(CASE WHEN i.outcome = 'OK' THEN 1 END) AS DOUBLE PRECISION)
         / NULLIF(COUNT(CASE WHEN i.in_denominator THEN 1 END), 0) AS success_rate,
       CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN i.outcome = 'OK' THEN i.total_nanos END) AS BIGINT)
         AS p50_nanos,
       CAST(PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY CASE WHEN i.outcome = 'OK' THEN i.total_nanos END) AS BIGINT)
         AS p95_nanos
  FROM round_summary s JOIN scoring_input i ON i.round_id = s.round_id
 WHERE s.sealed_at >= CURRENT_TIMESTAMP - INTERVAL '24' HOUR AND s.kind IS DISTINCT FROM 'FOLLOW_UP'
 GROUP BY s.job, i.hotkey;

CREATE VIEW v_miner_7d AS
SELECT s.job, i.hotkey, COUNT(*) AS round_n,
       COUNT(CASE WHEN i.in_denominator THEN 1 END) AS denominator_n,
       COUNT(CASE WHEN i.outcome = 'OK' THEN 1 END) AS ok_n,
       CAST(COUNT(CASE WHEN i.outcome = 'OK' THEN 1 END) AS DOUBLE PRECISION)
         / NULLIF(COUNT(CASE WHEN i.in_denominator THEN 1 END), 0) AS success_rate,
       CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN i.outcome = 'OK' THEN i.total_nanos END) AS BIGINT)
         AS p50_nanos,
       CAST(PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY CASE WHEN i.outcome = 'OK' THEN i.total_nanos END) AS BIGINT)
         AS p95_nanos
  FROM round_summary s JOIN scoring_input i ON i.round_id = s.round_id
 WHERE s.sealed_at >= CURRENT_TIMESTAMP - INTERVAL '7' DAY AND s.kind IS DISTINCT FROM 'FOLLOW_UP'
 GROUP BY s.job, i.hotkey;

CREATE VIEW v_latest_by_hotkey AS
SELECT s.job, s.network, s.netuid, i.hotkey, i.uid, i.coldkey, i.round_id, s.block, s.sealed_at, i.outcome, i.blame,
       i.in_denominator, i.detail, i.total_nanos, i.response_sha256, i.fields
  FROM (SELECT n.job, m.hotkey, MAX(m.round_id) AS round_id
          FROM round_summary n JOIN scoring_input m ON m.round_id = n.round_id
         WHERE n.sealed_at >= CURRENT_TIMESTAMP - INTERVAL '7' DAY
         GROUP BY n.job, m.hotkey) newest
  JOIN round_summary s ON s.round_id = newest.round_id
  JOIN scoring_input i ON i.round_id = newest.round_id AND i.hotkey = newest.hotkey;

CREATE VIEW v_scoring_inputs AS
SELECT i.round_id, r.job, s.network, s.netuid, s.block, r.sealed_at, i.uid, i.hotkey, i.coldkey, i.outcome, i.blame,
       i.in_denominator, i.detail, i.http_status, i.claimed_status, i.dendrite_status_code, i.dendrite_status_message,
       i.queue_nanos, i.prepare_nanos, i.connect_nanos, i.first_byte_nanos, i.total_nanos, i.claimed_process_time,
       i.response_bytes, i.response_sha256, i.attempts, i.position, r.seed, i.fields, i.form, i.first_chunk_nanos,
       i.chunks, i.gap_p50_nanos, i.gap_p95_nanos, i.gap_max_nanos, i.last_bytes_share, i.invalid_fields,
       i.changed_fields, i.axon_signature, i.claimed_axon_nonce, i.local_stall_ms, i.latency_tainted
  FROM scoring_input i
  JOIN round r ON r.round_id = i.round_id
  JOIN snapshot s ON s.snapshot_id = r.snapshot_id;

CREATE VIEW v_attempts AS
SELECT h.round_id, r.job, h.uid, t.hotkey, t.coldkey, t.host, t.port, t.position, t.part_no, h.attempt, h.state,
       h.claimed_at, h.ended_at, h.outcome, h.detail, h.http_status, h.dendrite_status_code, h.dendrite_status_message,
       h.queue_nanos, h.prepare_nanos, h.connect_nanos, h.first_byte_nanos, h.total_nanos, h.response_bytes,
       h.response_sha256, h.claimed_status_code, h.claimed_status_message, h.claimed_process_time, h.nonce, h.uuid,
       h.first_chunk_nanos, h.chunks, h.gap_p50_nanos, h.gap_p95_nanos, h.gap_max_nanos, h.last_bytes_share,
       h.invalid_fields, h.changed_fields, h.axon_signature, h.claimed_axon_nonce, h.local_stall_ms
  FROM synapse_history h
  JOIN target t ON t.round_id = h.round_id AND t.uid = h.uid
  JOIN round r ON r.round_id = h.round_id;

CREATE VIEW v_uid_history AS
SELECT network, netuid, uid, hotkey, from_block, to_block, latest,
       LAG(hotkey) OVER (PARTITION BY network, netuid, uid ORDER BY from_block) AS previous_hotkey
  FROM uid_tenure;

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

CREATE VIEW v_round_steps AS
SELECT r.round_id, r.job, e.job_execution_id, e.step_execution_id, e.step_name, e.status, e.start_time, e.end_time,
       e.read_count, e.write_count, e.commit_count, e.rollback_count, e.exit_message
  FROM batch_job_execution_params p
  JOIN round r ON r.round_id = CASE WHEN p.parameter_name = 'round' THEN CAST(p.parameter_value AS BIGINT) END
  JOIN batch_step_execution e ON e.job_execution_id = p.job_execution_id
 WHERE p.parameter_name = 'round';
