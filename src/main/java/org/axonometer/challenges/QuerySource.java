package org.axonometer.challenges;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.axonometer.history.Database;
import org.axonometer.history.ReadOnlySql;
import org.axonometer.history.SqlException;
import org.axonometer.history.SqlRows;
import org.axonometer.jobs.ChallengeRule;
import org.axonometer.jobs.ChallengeRule.Per;
import org.axonometer.synapse.SynapseType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Challenges out of the history: a row's columns are request fields. For all targets it is exactly
 * one row; for each target the rows whose column {@code hotkey} or {@code uid} names it. A target
 * without a row, and a field that is NULL, keep the constants.
 */
record QuerySource(ChallengeRule.Query query, Database database) {
  private static final int MOST_ROWS = 65_536;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  List<Given> of(ChallengedRound round, ChallengeRule rule) {
    SqlRows rows = rows(round, rule);
    return switch (rule.per()) {
      case ROUND -> List.of(theOne(rows, round, rule));
      case TARGET -> perTarget(rows, round, rule);
    };
  }

  private SqlRows rows(ChallengedRound round, ChallengeRule rule) {
    int most = rule.per() == Per.ROUND ? 1 : MOST_ROWS;
    try {
      SqlRows rows =
          new ReadOnlySql(database)
              .ask(
                  query.sql(),
                  values(round),
                  new ReadOnlySql.Limits(most, rule.limits().timeout(), rule.limits().maxBytes()));
      if (rows.cut()) {
        throw new ChallengeException(
            "challenge.query: gives more than %d %s"
                .formatted(most, most == 1 ? "row; a shared challenge is one" : "rows"));
      }
      return rows;
    } catch (SqlException e) {
      throw new ChallengeException("challenge.query: " + Shown.text(said(e)), e);
    }
  }

  private static String said(SqlException e) {
    return String.valueOf(e.getMessage())
        .replace("or give more time with --timeout", "or give more time with challenge.timeout")
        .replace("characters that all rows together may have", "bytes of challenge.max-size");
  }

  /** Only those that the statement asks for: others would be refused as misspelt. */
  private Map<String, String> values(ChallengedRound round) {
    Map<String, String> values = new HashMap<>();
    Map.of("job", round.job().name(), "block", Long.toString(round.block()))
        .forEach(
            (name, value) -> {
              if (Pattern.compile(":" + name + "\\b").matcher(query.sql()).find()) {
                values.put(name, value);
              }
            });
    return values;
  }

  private static Given theOne(SqlRows rows, ChallengedRound round, ChallengeRule rule) {
    if (rows.rows().isEmpty()) {
      throw new ChallengeException("challenge.query: gives no row; a shared challenge is one");
    }
    return given(rows, 0, round, rule);
  }

  private static List<Given> perTarget(SqlRows rows, ChallengedRound round, ChallengeRule rule) {
    int hotkeys = rows.columns().indexOf("hotkey");
    int uids = rows.columns().indexOf("uid");
    if (hotkeys < 0 && uids < 0) {
      throw new ChallengeException(
          "challenge.query: has no column hotkey or uid that says whose a row is; its columns are "
              + Shown.text(String.join(", ", rows.columns())));
    }
    int owner = hotkeys >= 0 ? hotkeys : uids;
    Map<String, Integer> rowOf = new HashMap<>();
    for (int row = 0; row < rows.rows().size(); row++) {
      String whose = String.valueOf(rows.rows().get(row).get(owner));
      Integer first = rowOf.putIfAbsent(whose, row);
      if (first != null) {
        throw new ChallengeException(
            "challenge.query: rows %d and %d are both of %s %s; a target has one"
                .formatted(first + 1, row + 1, rows.columns().get(owner), Shown.text(whose)));
      }
    }
    List<Given> given = new ArrayList<>();
    for (Recipient recipient : round.recipients()) {
      String whose = hotkeys >= 0 ? recipient.hotkey().text() : recipient.uid().toString();
      Integer row = rowOf.get(whose);
      given.add(
          row == null
              ? new Given(JSON.objectNode(), "challenge.query: no row for uid " + recipient.uid())
              : given(rows, row, round, rule));
    }
    return given;
  }

  private static Given given(SqlRows rows, int row, ChallengedRound round, ChallengeRule rule) {
    String place = "challenge.query: row " + (row + 1);
    ObjectNode fields = JSON.objectNode();
    for (int column = 0; column < rows.columns().size(); column++) {
      String name = rows.columns().get(column);
      Object value = rows.rows().get(row).get(column);
      Optional<SynapseType.Field> field = field(round, name);
      boolean isOwner = rule.per() == Per.TARGET && (name.equals("hotkey") || name.equals("uid"));
      if (field.isPresent() && value != null) {
        fields.set(field.get().name(), json(field.get(), value, place));
      } else if (field.isEmpty() && !isOwner) {
        throw new ChallengeException(
            "%s: column %s is not a request field".formatted(place, Shown.text(name)));
      }
    }
    return new Given(fields, place);
  }

  /** The database tells no case in names apart. */
  private static Optional<SynapseType.Field> field(ChallengedRound round, String column) {
    return round.job().synapse().requestFields().stream()
        .filter(field -> field.name().toLowerCase(Locale.ROOT).equals(column))
        .findFirst();
  }

  /** A text is sent as text; where the field takes none it is read as JSON. */
  private static JsonNode json(SynapseType.Field field, @Nullable Object value, String place) {
    return switch (value) {
      case null -> JSON.nullNode();
      case Long number -> JSON.numberNode(number.longValue());
      case Double number -> JSON.numberNode(number.doubleValue());
      case BigDecimal number ->
          number.scale() <= 0
              ? JSON.numberNode(number.toBigIntegerExact())
              : JSON.numberNode(number.doubleValue());
      case Boolean truth -> JSON.booleanNode(truth);
      default -> text(field, value.toString(), place);
    };
  }

  private static JsonNode text(SynapseType.Field field, String text, String place) {
    JsonNode plain = JSON.stringNode(text);
    try {
      field.type().coerce(plain);
      return plain;
    } catch (IllegalArgumentException e) {
      return JsonLine.value(text, place + ", column " + field.name());
    }
  }
}
