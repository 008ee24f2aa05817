package org.axonometer.history;

import java.util.List;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** The rows of a round's scoring inputs. Runs in the caller's transaction. */
record ScoringInputRows(NamedParameterJdbcTemplate batch) {

  void insert(long roundId, List<ScoringInput> inputs) {
    Rows.write(
        batch,
        """
        INSERT INTO scoring_input (round_id, uid, hotkey, coldkey, outcome, blame, in_denominator, detail, http_status,
                                   claimed_status, dendrite_status_code, dendrite_status_message, queue_nanos,
                                   prepare_nanos, connect_nanos, first_byte_nanos, total_nanos, claimed_process_time,
                                   response_bytes, response_sha256, fields, attempts, position, form,
                                   first_chunk_nanos, chunks, gap_p50_nanos, gap_p95_nanos, gap_max_nanos,
                                   last_bytes_share, invalid_fields, changed_fields, axon_signature,
                                   claimed_axon_nonce, local_stall_ms, latency_tainted)
        VALUES (:round, :uid, :hotkey, :coldkey, :outcome, :blame, :counts, :detail, :http_status,
                :claimed_status, :dendrite_code, :dendrite_message, :queue,
                :prepare, :connect, :first_byte, :total, :claimed_time,
                :bytes, :sha256, :fields, :attempts, :position, :form,
                :first_chunk, :chunks, :gap_p50, :gap_p95, :gap_max,
                :last_bytes, :invalid_fields, :changed_fields, :axon_signature,
                :axon_nonce, :local_stall, :tainted)
        """,
        inputs.stream().map(input -> columns(roundId, input)));
  }

  private static SqlParameterSource columns(long roundId, ScoringInput input) {
    MapSqlParameterSource columns =
        new MapSqlParameterSource("round", roundId)
            .addValue("uid", input.uid().value())
            .addValue("hotkey", input.hotkey().text())
            .addValue("coldkey", input.coldkey().text())
            .addValue("outcome", input.outcome().name())
            .addValue("blame", input.blame().name())
            .addValue("counts", input.inDenominator())
            .addValue("detail", input.detail())
            .addValue("http_status", input.httpStatus())
            .addValue("claimed_status", input.claimedStatus())
            .addValue("dendrite_code", input.dendriteStatusCode())
            .addValue("dendrite_message", input.dendriteStatusMessage())
            .addValue("queue", input.queueNanos())
            .addValue("prepare", input.prepareNanos())
            .addValue("connect", input.connectNanos())
            .addValue("first_byte", input.firstByteNanos())
            .addValue("total", input.totalNanos())
            .addValue("claimed_time", input.claimedProcessTime())
            .addValue("bytes", input.responseBytes())
            .addValue("sha256", input.responseSha256())
            .addValue("fields", input.fields())
            .addValue("attempts", input.attempts())
            .addValue("position", input.position())
            .addValue("form", input.form())
            .addValue("local_stall", input.localStallMillis())
            .addValue("tainted", input.latencyTainted());
    StreamColumns.add(input.stream(), columns);
    input.checks().addTo(columns);
    return columns;
  }
}
