package org.axonometer.history;

import static org.axonometer.history.Rows.at;

import java.util.List;
import org.axonometer.dendrite.Exchange;
import org.axonometer.subnet.Sha256;
import org.axonometer.synapse.SynapseReply;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/**
 * The rows of attempts that ended: their columns and, where the job keeps them, their bodies. Runs
 * in the caller's transaction.
 */
record EndedAttemptRows(NamedParameterJdbcTemplate batch, long roundId, long fence) {

  /** Turns the intents into what became of them. */
  void store(List<? extends EndedAttempt> ended) {
    List<? extends EndedAttempt> released =
        ended.stream().filter(attempt -> attempt.sent().isEmpty()).toList();
    List<? extends EndedAttempt> sent =
        ended.stream().filter(attempt -> attempt.sent().isPresent()).toList();
    change(
        released,
        """
        UPDATE synapse_history SET state = 'RELEASED', ended_at = :ended_at
         WHERE round_id = :round AND uid = :uid AND attempt = :attempt AND fence = :fence AND state = 'INTENT'
        """);
    change(
        sent,
        """
        UPDATE synapse_history
           SET state = 'DONE', ended_at = :ended_at, outcome = :outcome, detail = :detail, http_status = :http_status,
               dendrite_status_code = :dendrite_code, dendrite_status_message = :dendrite_message,
               queue_nanos = :queue, prepare_nanos = :prepare, connect_nanos = :connect,
               first_byte_nanos = :first_byte, total_nanos = :total,
               request_body_hash = :request_hash, response_bytes = :bytes, response_sha256 = :sha256,
               claimed_status_code = :claimed_code, claimed_status_message = :claimed_message,
               claimed_process_time = :claimed_time, fields = :fields,
               first_chunk_nanos = :first_chunk, chunks = :chunks, gap_p50_nanos = :gap_p50, gap_p95_nanos = :gap_p95,
               gap_max_nanos = :gap_max, last_bytes_share = :last_bytes, invalid_fields = :invalid_fields,
               changed_fields = :changed_fields, axon_signature = :axon_signature, claimed_axon_nonce = :axon_nonce,
               local_stall_ms = :local_stall
         WHERE round_id = :round AND uid = :uid AND attempt = :attempt AND fence = :fence AND state = 'INTENT'
        """);
    insertBodies(sent);
  }

  private void change(List<? extends EndedAttempt> attempts, String update) {
    if (attempts.isEmpty()) {
      return;
    }
    int[] changed =
        batch.batchUpdate(
            update, attempts.stream().map(this::columns).toArray(SqlParameterSource[]::new));
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] != 1) {
        Claim claim = attempts.get(i).claim();
        throw new IllegalStateException(
            "attempt %d of uid %s in round %d is not an open intent: %d rows changed"
                .formatted(claim.attempt(), claim.target().uid(), roundId, changed[i]));
      }
    }
  }

  private MapSqlParameterSource key(EndedAttempt attempt) {
    return new MapSqlParameterSource("round", roundId)
        .addValue("uid", attempt.claim().target().uid().value())
        .addValue("attempt", attempt.claim().attempt());
  }

  private SqlParameterSource columns(EndedAttempt attempt) {
    MapSqlParameterSource columns =
        key(attempt).addValue("fence", fence).addValue("ended_at", at(attempt.endedAt()));
    attempt.sent().ifPresent(sent -> addSent(columns, sent));
    return columns;
  }

  private static void addSent(MapSqlParameterSource columns, EndedAttempt.Sent sent) {
    Exchange exchange = sent.exchange();
    columns
        .addValue("outcome", exchange.outcome().name())
        .addValue("detail", Rows.clean(exchange.detail(), 300))
        .addValue("http_status", exchange.httpStatus())
        .addValue("dendrite_code", exchange.view().statusCode())
        .addValue("dendrite_message", Rows.clean(exchange.view().statusMessage(), 2000))
        .addValue("queue", sent.queueNanos())
        .addValue("prepare", sent.prepareNanos())
        .addValue("connect", exchange.timings().connectNanos())
        .addValue("first_byte", exchange.timings().firstByteNanos())
        .addValue("total", exchange.timings().totalNanos())
        .addValue("local_stall", exchange.timings().localStallMillis())
        .addValue("request_hash", sent.requestBodyHash())
        .addValue("fields", sent.fields())
        .addValue("bytes", answered(exchange) ? (long) exchange.body().length : null)
        .addValue("sha256", answered(exchange) ? Sha256.hex(exchange.body()) : null);
    StreamColumns.add(exchange.stream(), columns);
    sent.checks().addTo(columns);
    @Nullable SynapseReply reply = exchange.reply();
    columns
        .addValue("claimed_code", reply == null ? null : reply.claimedStatusCode())
        .addValue(
            "claimed_message",
            reply == null ? null : Rows.clean(reply.claimedStatusMessage(), 2000))
        .addValue(
            "claimed_time", reply == null ? null : Rows.clean(reply.claimedProcessTime(), 100));
  }

  private void insertBodies(List<? extends EndedAttempt> sent) {
    SqlParameterSource[] bodies =
        sent.stream()
            .filter(attempt -> attempt.sent().orElseThrow().keepBodies())
            .map(this::bodies)
            .toArray(SqlParameterSource[]::new);
    if (bodies.length > 0) {
      batch.batchUpdate(
          """
          INSERT INTO synapse_body (round_id, uid, attempt, request_body, response_body, response_headers)
          VALUES (:round, :uid, :attempt, :request, :response, :headers)
          """,
          bodies);
    }
  }

  private SqlParameterSource bodies(EndedAttempt attempt) {
    EndedAttempt.Sent sent = attempt.sent().orElseThrow();
    return key(attempt)
        .addValue("request", sent.requestBody())
        .addValue("response", answered(sent.exchange()) ? sent.exchange().body() : null)
        .addValue("headers", Rows.json(sent.exchange().headers(), 262_144));
  }

  private static boolean answered(Exchange exchange) {
    return exchange.httpStatus() != null;
  }
}
