-- How a stream came, and what an answer was found to be beyond its outcome.
ALTER TABLE synapse_history ADD COLUMN first_chunk_nanos BIGINT CHECK (first_chunk_nanos > 0);  -- from the end of connect
ALTER TABLE synapse_history ADD COLUMN chunks INTEGER CHECK (chunks > 0);
ALTER TABLE synapse_history ADD COLUMN gap_p50_nanos BIGINT CHECK (gap_p50_nanos >= 0);
ALTER TABLE synapse_history ADD COLUMN gap_p95_nanos BIGINT CHECK (gap_p95_nanos >= 0);
ALTER TABLE synapse_history ADD COLUMN gap_max_nanos BIGINT CHECK (gap_max_nanos >= 0);
ALTER TABLE synapse_history ADD COLUMN last_bytes_share DOUBLE PRECISION CHECK (last_bytes_share BETWEEN 0 AND 1);
ALTER TABLE synapse_history ADD COLUMN invalid_fields VARCHAR(32768);                           -- ASCII JSON object: field to why
ALTER TABLE synapse_history ADD COLUMN changed_fields VARCHAR(32768);                           -- ASCII JSON list of request fields
ALTER TABLE synapse_history ADD COLUMN axon_signature VARCHAR(8)
  CHECK (axon_signature IN ('VALID', 'INVALID', 'STALE', 'REPLAYED', 'ABSENT'));
ALTER TABLE synapse_history ADD COLUMN claimed_axon_nonce VARCHAR(19);

-- The form of the exported row, which its seal's hash is over: rows sealed before this keep form 1.
ALTER TABLE scoring_input ADD COLUMN form INTEGER DEFAULT 1 NOT NULL CHECK (form >= 1);
ALTER TABLE scoring_input ADD COLUMN first_chunk_nanos BIGINT;
ALTER TABLE scoring_input ADD COLUMN chunks INTEGER;
ALTER TABLE scoring_input ADD COLUMN gap_p50_nanos BIGINT;
ALTER TABLE scoring_input ADD COLUMN gap_p95_nanos BIGINT;
ALTER TABLE scoring_input ADD COLUMN gap_max_nanos BIGINT;
ALTER TABLE scoring_input ADD COLUMN last_bytes_share DOUBLE PRECISION;
ALTER TABLE scoring_input ADD COLUMN invalid_fields VARCHAR(32768);
ALTER TABLE scoring_input ADD COLUMN changed_fields VARCHAR(32768);
ALTER TABLE scoring_input ADD COLUMN axon_signature VARCHAR(8)
  CHECK (axon_signature IN ('VALID', 'INVALID', 'STALE', 'REPLAYED', 'ABSENT'));
ALTER TABLE scoring_input ADD COLUMN claimed_axon_nonce VARCHAR(19);

CREATE OR REPLACE VIEW v_scoring_inputs AS
SELECT i.round_id, r.job, s.network, s.netuid, s.block, r.sealed_at, i.uid, i.hotkey, i.coldkey, i.outcome, i.blame,
       i.in_denominator, i.detail, i.http_status, i.claimed_status, i.dendrite_status_code, i.dendrite_status_message,
       i.queue_nanos, i.prepare_nanos, i.connect_nanos, i.first_byte_nanos, i.total_nanos, i.claimed_process_time,
       i.response_bytes, i.response_sha256, i.attempts, i.position, r.seed, i.fields, i.form, i.first_chunk_nanos,
       i.chunks, i.gap_p50_nanos, i.gap_p95_nanos, i.gap_max_nanos, i.last_bytes_share, i.invalid_fields,
       i.changed_fields, i.axon_signature, i.claimed_axon_nonce
  FROM scoring_input i
  JOIN round r ON r.round_id = i.round_id
  JOIN snapshot s ON s.snapshot_id = r.snapshot_id;

CREATE OR REPLACE VIEW v_attempts AS
SELECT h.round_id, r.job, h.uid, t.hotkey, t.coldkey, t.host, t.port, t.position, t.part_no, h.attempt, h.state,
       h.claimed_at, h.ended_at, h.outcome, h.detail, h.http_status, h.dendrite_status_code, h.dendrite_status_message,
       h.queue_nanos, h.prepare_nanos, h.connect_nanos, h.first_byte_nanos, h.total_nanos, h.response_bytes,
       h.response_sha256, h.claimed_status_code, h.claimed_status_message, h.claimed_process_time, h.nonce, h.uuid,
       h.first_chunk_nanos, h.chunks, h.gap_p50_nanos, h.gap_p95_nanos, h.gap_max_nanos, h.last_bytes_share,
       h.invalid_fields, h.changed_fields, h.axon_signature, h.claimed_axon_nonce
  FROM synapse_history h
  JOIN target t ON t.round_id = h.round_id AND t.uid = h.uid
  JOIN round r ON r.round_id = h.round_id;
