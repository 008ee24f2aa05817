-- How long our own process stood still in a query's time, and whether that latency is therefore to be passed over.
ALTER TABLE synapse_history ADD COLUMN local_stall_ms INTEGER CHECK (local_stall_ms >= 0); -- the longest; null = not sent, or before

-- Rows of form 3 and later export them; rows sealed before keep their form.
ALTER TABLE scoring_input ADD COLUMN local_stall_ms INTEGER;
ALTER TABLE scoring_input ADD COLUMN latency_tainted BOOLEAN DEFAULT FALSE NOT NULL;

CREATE OR REPLACE VIEW v_scoring_inputs AS
SELECT i.round_id, r.job, s.network, s.netuid, s.block, r.sealed_at, i.uid, i.hotkey, i.coldkey, i.outcome, i.blame,
       i.in_denominator, i.detail, i.http_status, i.claimed_status, i.dendrite_status_code, i.dendrite_status_message,
       i.queue_nanos, i.prepare_nanos, i.connect_nanos, i.first_byte_nanos, i.total_nanos, i.claimed_process_time,
       i.response_bytes, i.response_sha256, i.attempts, i.position, r.seed, i.fields, i.form, i.first_chunk_nanos,
       i.chunks, i.gap_p50_nanos, i.gap_p95_nanos, i.gap_max_nanos, i.last_bytes_share, i.invalid_fields,
       i.changed_fields, i.axon_signature, i.claimed_axon_nonce, i.local_stall_ms, i.latency_tainted
  FROM scoring_input i
  JOIN round r ON r.round_id = i.round_id
  JOIN snapshot s ON s.snapshot_id = r.snapshot_id;

CREATE OR REPLACE VIEW v_attempts AS
SELECT h.round_id, r.job, h.uid, t.hotkey, t.coldkey, t.host, t.port, t.position, t.part_no, h.attempt, h.state,
       h.claimed_at, h.ended_at, h.outcome, h.detail, h.http_status, h.dendrite_status_code, h.dendrite_status_message,
       h.queue_nanos, h.prepare_nanos, h.connect_nanos, h.first_byte_nanos, h.total_nanos, h.response_bytes,
       h.response_sha256, h.claimed_status_code, h.claimed_status_message, h.claimed_process_time, h.nonce, h.uuid,
       h.first_chunk_nanos, h.chunks, h.gap_p50_nanos, h.gap_p95_nanos, h.gap_max_nanos, h.last_bytes_share,
       h.invalid_fields, h.changed_fields, h.axon_signature, h.claimed_axon_nonce, h.local_stall_ms
  FROM synapse_history h
  JOIN target t ON t.round_id = h.round_id AND t.uid = h.uid
  JOIN round r ON r.round_id = h.round_id;
