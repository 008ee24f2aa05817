package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonometer.dendrite.Outcome;
import org.axonometer.scoring.RoundSealing;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every write to a round by somebody who lost it, and by its owner when it is sealed. */
@ParameterizedClass
@EnumSource
class FencedWritesIT {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final List<String> TABLES =
      List.of(
          "round",
          "target",
          "challenge",
          "challenge_cursor",
          "synapse_history",
          "(SELECT round_id, uid, attempt, response_headers FROM synapse_body) AS bodies",
          "scoring_input",
          "seal",
          "round_summary",
          "round_outcome",
          "quiet_address");

  @Parameter private TestStorage storage = TestStorage.H2;

  @TempDir private Path home;
  private Database database;
  private StoredRounds rounds;
  private RoundStore store;

  @BeforeEach
  void open() {
    database = storage.own(home);
    rounds = new StoredRounds(database);
    store = new RoundStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** A way to change a round, by somebody with a fence. */
  private interface Write {
    void by(long round, long fence);
  }

  /**
   * Each of the store's writes that carry a fence.
   *
   * @param claims of attempts to claim, and to store
   */
  private Map<String, Write> writes(List<Claim> claims) {
    Map<String, Write> writes = new LinkedHashMap<>();
    writes.put("claim", (round, fence) -> store.claim(round, fence, claims, NOW));
    writes.put("claim nobody", (round, fence) -> store.claim(round, fence, List.of(), NOW));
    writes.put(
        "store",
        (round, fence) ->
            store.store(
                round,
                fence,
                claims.stream().map(claim -> StoredRounds.ended(claim, NOW, Outcome.OK)).toList()));
    writes.put(
        "release an attempt",
        (round, fence) ->
            store.store(
                round,
                fence,
                claims.stream()
                    .map(claim -> new EndedAttempt(claim, NOW, Optional.empty()))
                    .toList()));
    writes.put(
        "seal",
        (round, fence) ->
            store.seal(round, fence, new RoundSealing(Clock.fixed(NOW, ZoneOffset.UTC))));
    writes.put("release", store::release);
    writes.put(
        "renew challenges",
        (round, fence) ->
            store.renew(
                round,
                fence,
                "probe",
                id ->
                    new NewChallenges(
                        List.of(new Challenge(Optional.empty(), 2, 7, "a line", "{}")),
                        Optional.of(new NewChallenges.CursorMove("counter", 0, 1)))));
    return writes;
  }

  /** Every row of every table a round has rows in. */
  private Map<String, List<String>> rows() {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String table : TABLES) {
      rows.put(
          table,
          database
              .jdbc()
              .sql("SELECT * FROM " + table)
              .query(
                  (row, n) -> {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                      columns.add(String.valueOf(row.getString(i)));
                    }
                    return columns.toString();
                  })
              .list()
              .stream()
              .sorted()
              .toList());
    }
    return rows;
  }

  private void refused(long round, long fence, String told, List<Claim> claims) {
    Map<String, List<String>> before = rows();
    writes(claims)
        .forEach(
            (name, write) ->
                assertThatThrownBy(() -> write.by(round, fence))
                    .as(name)
                    .isInstanceOf(RoundFencedException.class)
                    .hasMessageContaining(told));
    assertThat(rows()).isEqualTo(before);
  }

  private List<Claim> nextClaims(long round) {
    return store.remaining(round, 0, Set.of()).stream()
        .map(target -> StoredRounds.claim(target, NOW))
        .toList();
  }

  @Test
  void whoLostTheRoundWritesNothing() {
    long round = rounds.open("probe", 4, NOW);
    List<Claim> all = nextClaims(round);
    List<Claim> underWay = all.subList(0, 2);
    long old = store.take(round, NOW.plusSeconds(600), NOW);
    store.claim(round, old, underWay, NOW);
    long fence = store.take(round, NOW.plusSeconds(600), NOW);

    refused(round, old, "it was taken by process", underWay);
    refused(round, old, "it was taken by process", all.subList(2, 4));
    refused(round, fence + 1, "it was taken by process", all.subList(2, 4));
    Map<String, List<String>> before = rows();
    assertThatThrownBy(() -> store.renew(round, old)).isInstanceOf(RoundFencedException.class);
    assertThat(rows()).isEqualTo(before);

    store.release(round, fence);
    refused(round, old, "it was given back", all.subList(2, 4));
  }

  @Test
  void aSealedRoundTakesNoWriteFromItsOwnerEither() {
    long round = rounds.open("probe", 4, NOW);
    List<Claim> all = nextClaims(round);
    long fence = store.take(round, NOW.plusSeconds(600), NOW);
    store.claim(round, fence, all.subList(0, 2), NOW);
    store.store(
        round,
        fence,
        all.subList(0, 2).stream()
            .map(claim -> StoredRounds.ended(claim, NOW, Outcome.OK))
            .toList());
    store.seal(round, fence, new RoundSealing(Clock.fixed(NOW, ZoneOffset.UTC)));

    refused(round, fence, "it is sealed", all.subList(0, 2));
    refused(round, fence, "it is sealed", all.subList(2, 4));
    Map<String, List<String>> before = rows();
    assertThat(store.renew(round, fence)).as("a lease to renew").isFalse();
    assertThatThrownBy(() -> store.renew(round, fence - 1))
        .isInstanceOf(RoundFencedException.class);
    assertThatThrownBy(() -> store.take(round, NOW.plusSeconds(600), NOW))
        .isInstanceOf(RoundFencedException.class);
    assertThat(rows()).isEqualTo(before);
  }
}
