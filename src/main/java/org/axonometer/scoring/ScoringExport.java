package org.axonometer.scoring;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.dendrite.StreamFigures;
import org.axonometer.history.AnswerChecks;
import org.axonometer.history.Round;
import org.axonometer.history.ScoringInput;
import org.axonometer.subnet.Sha256;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A sealed round's scoring inputs as files, in uid order, byte-identical each time: version {@value
 * #VERSION} of {@code docs/scoring-inputs.md}, in the form the round was sealed in.
 */
public final class ScoringExport {
  static final int VERSION = 1;

  /** The columns every row has, in order; the job's named fields follow. */
  static final List<String> COLUMNS =
      List.of(
          "version",
          "round",
          "job",
          "network",
          "netuid",
          "block",
          "uid",
          "hotkey",
          "coldkey",
          "outcome",
          "blame",
          "in_denominator",
          "detail",
          "http_status",
          "claimed_status",
          "dendrite_status_code",
          "dendrite_status_message",
          "queue_nanos",
          "prepare_nanos",
          "connect_nanos",
          "first_byte_nanos",
          "total_nanos",
          "claimed_process_time",
          "response_bytes",
          "response_sha256",
          "attempts",
          "position",
          "seed",
          // Since form 2.
          "axon_signature",
          "claimed_axon_nonce",
          "invalid_fields",
          "changed_fields",
          "first_chunk_nanos",
          "chunks",
          "gap_p50_nanos",
          "gap_p95_nanos",
          "gap_max_nanos",
          "last_bytes_share",
          // Since form 3.
          "local_stall_ms",
          "latency_tainted");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private ScoringExport() {}

  /** One ASCII JSON object per line, each line ended by LF. */
  public static byte[] jsonl(Round round, List<ScoringInput> inputs) {
    return bytes(out -> jsonl(round, inputs, out));
  }

  /** As {@link #jsonl(Round, List)}, line by line. */
  public static void jsonl(Round round, List<ScoringInput> inputs, OutputStream out)
      throws IOException {
    for (ScoringInput input : inputs) {
      Map<String, @Nullable Object> row = columns(round, input);
      row.put("fields", JSON.readTree(input.fields()));
      out.write(JSON.writeValueAsBytes(row));
      out.write('\n');
    }
  }

  /** Hex SHA-256 of the JSONL. */
  static String sha256(Round round, List<ScoringInput> inputs) {
    MessageDigest digest = Sha256.digest();
    try (var hashing = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      jsonl(round, inputs, hashing);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * RFC 4180 with a header line. Text that a spreadsheet would run as a formula gets a {@code '} in
   * front; the job's named fields are columns {@code field_<name>}, strings as text and everything
   * else as JSON.
   */
  public static byte[] csv(Round round, List<ScoringInput> inputs) {
    return bytes(out -> csv(round, inputs, out));
  }

  /** As {@link #csv(Round, List)}, line by line. */
  public static void csv(Round round, List<ScoringInput> inputs, OutputStream out)
      throws IOException {
    if (inputs.isEmpty()) {
      out.write(CsvLine.of(COLUMNS).getBytes(StandardCharsets.UTF_8));
    }
    boolean first = true;
    for (ScoringInput input : inputs) {
      Map<String, @Nullable Object> row = columns(round, input);
      ((ObjectNode) JSON.readTree(input.fields()))
          .forEachEntry((name, value) -> row.put("field_" + name, cellOf(value)));
      if (first) {
        out.write(CsvLine.of(row.keySet()).getBytes(StandardCharsets.UTF_8));
        first = false;
      }
      out.write(CsvLine.of(row.values()).getBytes(StandardCharsets.UTF_8));
    }
  }

  private interface Export {
    void to(OutputStream out) throws IOException;
  }

  private static byte[] bytes(Export export) {
    var bytes = new ByteArrayOutputStream();
    try {
      export.to(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Map<String, @Nullable Object> columns(Round round, ScoringInput input) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("version", VERSION);
    row.put("round", round.id());
    row.put("job", round.job());
    row.put("network", round.network());
    row.put("netuid", round.netuid().value());
    row.put("block", round.block());
    row.put("uid", input.uid().value());
    row.put("hotkey", input.hotkey().text());
    row.put("coldkey", input.coldkey().text());
    row.put("outcome", input.outcome().name());
    row.put("blame", input.blame().name());
    row.put("in_denominator", input.inDenominator());
    row.put("detail", input.detail());
    row.put("http_status", input.httpStatus());
    row.put("claimed_status", input.claimedStatus());
    row.put("dendrite_status_code", input.dendriteStatusCode());
    row.put("dendrite_status_message", input.dendriteStatusMessage());
    row.put("queue_nanos", input.queueNanos());
    row.put("prepare_nanos", input.prepareNanos());
    row.put("connect_nanos", input.connectNanos());
    row.put("first_byte_nanos", input.firstByteNanos());
    row.put("total_nanos", input.totalNanos());
    row.put("claimed_process_time", input.claimedProcessTime());
    row.put("response_bytes", input.responseBytes());
    row.put("response_sha256", input.responseSha256());
    row.put("attempts", input.attempts());
    row.put("position", input.position());
    row.put("seed", round.seed());
    if (input.form() >= 2) {
      addChecks(row, input);
    }
    if (input.form() >= 3) {
      row.put("local_stall_ms", input.localStallMillis());
      row.put("latency_tainted", input.latencyTainted());
    }
    return row;
  }

  private static void addChecks(Map<String, @Nullable Object> row, ScoringInput input) {
    AnswerChecks checks = input.checks();
    StreamFigures stream = input.stream();
    row.put("axon_signature", checks.axonSignature());
    row.put("claimed_axon_nonce", checks.claimedAxonNonce());
    row.put("invalid_fields", json(checks.invalidFields()));
    row.put("changed_fields", json(checks.changedFields()));
    row.put("first_chunk_nanos", stream == null ? null : stream.firstChunkNanos());
    row.put("chunks", stream == null ? null : stream.chunks());
    row.put("gap_p50_nanos", stream == null ? null : stream.gapP50Nanos());
    row.put("gap_p95_nanos", stream == null ? null : stream.gapP95Nanos());
    row.put("gap_max_nanos", stream == null ? null : stream.gapMaxNanos());
    row.put("last_bytes_share", stream == null ? null : stream.lastBytesShare());
  }

  private static @Nullable JsonNode json(@Nullable String text) {
    return text == null ? null : JSON.readTree(text);
  }

  private static @Nullable Object cellOf(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    return value.isString()
        ? value.stringValue()
        : value.isNumber() ? value.numberValue() : value.toString();
  }
}
