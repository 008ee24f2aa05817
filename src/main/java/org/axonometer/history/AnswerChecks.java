package org.axonometer.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;

/**
 * What an answer was found to be beyond its outcome.
 *
 * @param invalidFields ASCII JSON object: response field to why it does not fit the declared type;
 *     null = none
 * @param changedFields ASCII JSON list: request fields that came back with another value; null =
 *     none
 * @param axonSignature VALID, INVALID, STALE, REPLAYED or ABSENT; null without response headers
 * @param claimedAxonNonce the nonce the axon's signature covers, decimal; null when it names none
 */
public record AnswerChecks(
    @Nullable String invalidFields,
    @Nullable String changedFields,
    @Nullable String axonSignature,
    @Nullable String claimedAxonNonce) {

  /** Nothing was found, or nothing came. */
  public static final AnswerChecks NONE = new AnswerChecks(null, null, null, null);

  static AnswerChecks of(ResultSet row) throws SQLException {
    return new AnswerChecks(
        row.getString("invalid_fields"),
        row.getString("changed_fields"),
        row.getString("axon_signature"),
        row.getString("claimed_axon_nonce"));
  }

  void addTo(MapSqlParameterSource columns) {
    columns
        .addValue("invalid_fields", invalidFields)
        .addValue("changed_fields", changedFields)
        .addValue("axon_signature", axonSignature)
        .addValue("axon_nonce", claimedAxonNonce);
  }
}
