package org.axonometer.history;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.axonometer.dendrite.Outcome;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Between rows and values: the columns every table shares, and text from outside made safe to store
 * on any database.
 */
final class Rows {
  private static final JsonMapper ASCII_JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final int AT_ONCE = 1_000;

  private Rows() {}

  /** Writes them some at a time: as one batch, all rows of a large round would be held twice. */
  static void write(
      NamedParameterJdbcTemplate batch, String sql, Stream<? extends SqlParameterSource> rows) {
    rows.gather(Gatherers.windowFixed(AT_ONCE))
        .forEach(some -> batch.batchUpdate(sql, some.toArray(SqlParameterSource[]::new)));
  }

  static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static Optional<Instant> optionalInstant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  static Uid uid(ResultSet row) throws SQLException {
    return new Uid(row.getInt("uid"));
  }

  static Ss58Address address(ResultSet row, String column) throws SQLException {
    return new Ss58Address(row.getString(column));
  }

  static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : (Integer) value;
  }

  static OptionalLong optionalLong(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  static TargetResult targetResult(ResultSet row, int n) throws SQLException {
    @Nullable String outcome = row.getString("outcome");
    return new TargetResult(
        uid(row),
        address(row, "hotkey"),
        address(row, "coldkey"),
        row.getString("host"),
        row.getInt("position"),
        Optional.ofNullable(row.getString("unaskable")).map(Outcome::valueOf),
        row.getString("reason"),
        row.getInt("attempts"),
        outcome == null ? Optional.empty() : Optional.of(last(row, Outcome.valueOf(outcome))));
  }

  static AskableTarget askableTarget(ResultSet row, int n) throws SQLException {
    int attempts = row.getInt("attempts");
    Optional<Outcome> known = Optional.ofNullable(row.getString("outcome")).map(Outcome::valueOf);
    return new AskableTarget(
        uid(row),
        address(row, "hotkey"),
        new AxonEndpoint(AxonEndpoint.literal(row.getString("host")), row.getInt("port")),
        attempts,
        known.or(() -> attempts > 0 ? Optional.of(Outcome.UNKNOWN) : Optional.empty()),
        row.getBoolean("in_denominator"),
        row.getInt("unknown_attempts"));
  }

  private static TargetResult.Last last(ResultSet row, Outcome outcome) throws SQLException {
    return new TargetResult.Last(
        outcome,
        row.getString("detail"),
        integer(row, "http_status"),
        integer(row, "claimed_status_code"),
        row.getString("claimed_status_message"),
        integer(row, "dendrite_status_code"),
        row.getString("dendrite_status_message"),
        number(row, "queue_nanos"),
        number(row, "prepare_nanos"),
        number(row, "connect_nanos"),
        number(row, "first_byte_nanos"),
        number(row, "total_nanos"),
        row.getString("claimed_process_time"),
        number(row, "response_bytes"),
        row.getString("response_sha256"),
        Objects.requireNonNullElse(row.getString("fields"), "{}"),
        StreamColumns.of(row),
        AnswerChecks.of(row),
        integer(row, "local_stall_ms"));
  }

  static ScoringInput scoringInput(ResultSet row, int n) throws SQLException {
    return new ScoringInput(
        uid(row),
        address(row, "hotkey"),
        address(row, "coldkey"),
        Outcome.valueOf(row.getString("outcome")),
        Outcome.Blame.valueOf(row.getString("blame")),
        row.getString("detail"),
        integer(row, "http_status"),
        integer(row, "claimed_status"),
        integer(row, "dendrite_status_code"),
        row.getString("dendrite_status_message"),
        number(row, "queue_nanos"),
        number(row, "prepare_nanos"),
        number(row, "connect_nanos"),
        number(row, "first_byte_nanos"),
        number(row, "total_nanos"),
        row.getString("claimed_process_time"),
        number(row, "response_bytes"),
        row.getString("response_sha256"),
        row.getString("fields"),
        row.getInt("attempts"),
        row.getInt("position"),
        row.getInt("form"),
        StreamColumns.of(row),
        AnswerChecks.of(row),
        integer(row, "local_stall_ms"));
  }

  /**
   * Text a database, a terminal and a log can all hold: control characters and unpaired surrogates
   * become U+FFFD, and what is longer than {@code limit} UTF-16 units is cut and ends in an
   * ellipsis.
   */
  static @Nullable String clean(@Nullable String text, int limit) {
    if (text == null) {
      return null;
    }
    var clean = new StringBuilder(Math.min(text.length(), limit));
    text.codePoints()
        .limit(limit + 1L)
        .map(
            c ->
                Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE
                    ? 0xFFFD
                    : c)
        .forEach(clean::appendCodePoint);
    if (clean.length() <= limit) {
      return clean.toString();
    }
    int end = Character.isHighSurrogate(clean.charAt(limit - 2)) ? limit - 2 : limit - 1;
    return clean.substring(0, end) + "…";
  }

  /** The headers as ASCII JSON; as many of them as fit. */
  static String json(Map<String, List<String>> headers, int limit) {
    String all = ASCII_JSON.writeValueAsString(headers);
    if (all.length() <= limit) {
      return all;
    }
    var some = new java.util.TreeMap<>(headers);
    while (ASCII_JSON.writeValueAsString(some).length() > limit) {
      some.pollLastEntry();
    }
    return ASCII_JSON.writeValueAsString(some);
  }

  static StoredSeal storedSeal(ResultSet row, int n) throws SQLException {
    return new StoredSeal(
        row.getString("job"),
        row.getLong("round_id"),
        row.getInt("input_n"),
        row.getString("inputs_sha256"),
        row.getString("previous_sha256"),
        row.getString("sha256"),
        instant(row, "sealed_at"));
  }

  static Round round(ResultSet row, int n) throws SQLException {
    return new Round(
        row.getLong("round_id"),
        row.getString("job"),
        RoundKind.valueOf(row.getString("kind")),
        Round.State.valueOf(row.getString("state")),
        row.getString("network"),
        new NetUid(row.getInt("netuid")),
        row.getLong("block"),
        new Ss58Address(row.getString("own_hotkey")),
        new Round.Wallet(
            Path.of(row.getString("wallet_path")),
            row.getString("wallet_name"),
            row.getString("wallet_hotkey")),
        Path.of(row.getString("job_file")),
        row.getString("job_source"),
        row.getLong("seed"),
        row.getInt("partition_n"),
        row.getInt("selected_n"),
        row.getInt("max_attempts"),
        instant(row, "opened_at"),
        instant(row, "deadline_at"),
        optionalInstant(row, "sealed_at"));
  }
}
