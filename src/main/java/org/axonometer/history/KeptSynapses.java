package org.axonometer.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.dendrite.Outcome;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.DendriteView;
import org.axonometer.synapse.Synapse;
import org.axonometer.synapse.SynapseReply;
import org.axonometer.synapse.TerminalInfo;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The attempts of rounds as the base synapses Python's dendrite would have kept in its {@code
 * synapse_history}. Where the job stores bodies both sides are complete; otherwise they have what
 * the rows have. The body hash is that of the question.
 */
public final class KeptSynapses {
  private final JdbcClient jdbc;

  public KeptSynapses(Database database) {
    this.jdbc = database.jdbc();
  }

  /** An attempt and its synapse. */
  public record Kept(Uid uid, int attempt, Outcome outcome, Synapse synapse) {}

  /**
   * The ended attempts of a round in the order they were claimed.
   *
   * @param limit the most that are read, the first ones
   */
  public List<Kept> ofRound(long roundId, int limit) {
    return jdbc.sql(
            """
            SELECT h.uid, h.attempt, h.outcome, h.http_status, h.dendrite_status_code, h.dendrite_status_message,
                   h.nonce, h.uuid, h.connect_nanos, h.total_nanos, h.request_body_hash, t.hotkey, t.host, t.port,
                   r.own_hotkey, b.request_body, b.response_body, b.response_headers
              FROM synapse_history h
              JOIN target t ON t.round_id = h.round_id AND t.uid = h.uid
              JOIN round r ON r.round_id = h.round_id
              LEFT JOIN synapse_body b ON b.round_id = h.round_id AND b.uid = h.uid AND b.attempt = h.attempt
             WHERE h.round_id = :round AND h.state = 'DONE'
             ORDER BY h.nonce
             FETCH FIRST :limit ROWS ONLY
            """)
        .param("round", roundId)
        .param("limit", limit)
        .query(KeptSynapses::kept)
        .list();
  }

  private static Kept kept(ResultSet row, int n) throws SQLException {
    Synapse synapse =
        answered(asked(row), row)
            .withBodyHash(row.getString("request_body_hash"))
            .processErrorMessage(
                new DendriteView(
                    Rows.integer(row, "dendrite_status_code"),
                    row.getString("dendrite_status_message")));
    Long totalNanos = Rows.number(row, "total_nanos");
    if (totalNanos != null) {
      Long connectNanos = Rows.number(row, "connect_nanos");
      long nanos = totalNanos + (connectNanos == null ? 0 : connectNanos);
      synapse = synapse.withProcessTime(nanos / 1e9);
    }
    return new Kept(
        Rows.uid(row), row.getInt("attempt"), Outcome.valueOf(row.getString("outcome")), synapse);
  }

  private static Synapse asked(ResultSet row) throws SQLException {
    byte[] request = row.getBytes("request_body");
    if (request != null) {
      return Synapse.base(JsonMapper.shared().readTree(request));
    }
    TerminalInfo ourSide =
        new TerminalInfo(
            null,
            null,
            null,
            null,
            null,
            null,
            row.getLong("nonce"),
            row.getString("uuid"),
            row.getString("own_hotkey"),
            null);
    TerminalInfo axonSide =
        new TerminalInfo(
            null,
            null,
            null,
            row.getString("host"),
            row.getLong("port"),
            null,
            null,
            null,
            row.getString("hotkey"),
            null);
    return Synapse.base(JsonNodeFactory.instance.objectNode()).between(ourSide, axonSide);
  }

  private static Synapse answered(Synapse asked, ResultSet row) throws SQLException {
    Integer status = Rows.integer(row, "http_status");
    String headersJson = row.getString("response_headers");
    if (status == null || headersJson == null) {
      return asked;
    }
    Map<String, List<String>> headers = headers(headersJson);
    if (SynapseReply.isStream(status, headers)) {
      return asked
          .processStreamedResponse(status, headers, JsonNodeFactory.instance.objectNode())
          .synapse();
    }
    byte @Nullable [] body = row.getBytes("response_body");
    return asked
        .processServerResponse("", status, headers, body == null ? new byte[0] : body)
        .synapse();
  }

  private static Map<String, List<String>> headers(String json) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> header : JsonMapper.shared().readTree(json).properties()) {
      headers.put(
          header.getKey(),
          header.getValue().valueStream().map(value -> value.asString("")).toList());
    }
    return headers;
  }
}
