package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.axonometer.testing.SnapshotNeurons.coldkey;
import static org.axonometer.testing.SnapshotNeurons.hotkey;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.axonometer.dendrite.Exchange;
import org.axonometer.dendrite.Outcome;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.scoring.RoundSealing;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.DendriteView;
import org.axonometer.targets.Chosen;
import org.axonometer.targets.Past;
import org.axonometer.targets.Selection;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounds on snapshots in which hotkeys move, and what is read of them afterwards. */
@ParameterizedClass
@EnumSource
class HotkeyHistoryIT {
  @Parameter private TestStorage storage = TestStorage.H2;

  /** From here on a host is written by its NAT64 address. */
  private static final int TRANSLATED = 256;

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final AtomicLong NONCES = new AtomicLong(1);
  private static final Ss58Address OWN = hotkey(60_000);

  @TempDir private Path home;
  private Database database;

  @BeforeEach
  void open() {
    database = storage.own(home);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Who sits at a uid, and the last number of its address. */
  private record Seat(int hotkey, int host) {
    private String address() {
      return host < TRANSLATED
          ? "8.8.8." + host
          : "64:ff9b::808:8%02x".formatted(host - TRANSLATED);
    }
  }

  @Test
  void knowsWhoHeldAUidAndWhereAHotkeyServedWhateverTheOrderOfSnapshots() {
    round("moves", 100, 0, Set.of(), new Seat(1, 1), new Seat(2, 2));
    round("moves", 300, 1, Set.of(), new Seat(3, 3), new Seat(1, 9));
    round("moves", 200, 2, Set.of(), new Seat(1, 1), new Seat(2, 2));
    assertThat(
            rows(
                "SELECT uid, hotkey, from_block, to_block, latest FROM v_uid_history ORDER BY uid, from_block"))
        .containsExactly(
            List.of(0, key(1), 100L, 200L, false),
            List.of(0, key(3), 300L, 300L, true),
            List.of(1, key(2), 100L, 200L, false),
            List.of(1, key(1), 300L, 300L, true));
    assertThat(
            rows(
                "SELECT uid, previous_uid, from_block FROM v_hotkey_history WHERE hotkey = '"
                    + key(1)
                    + "' AND previous_uid IS NOT NULL"))
        .containsExactly(List.of(1, 0, 300L));
    assertThat(
            rows(
                "SELECT host, port, from_block, to_block, latest FROM v_address_history WHERE hotkey = '"
                    + key(1)
                    + "' ORDER BY from_block"))
        .containsExactly(
            List.of("8.8.8.1", 8091, 100L, 200L, false),
            List.of("8.8.8.9", 8091, 300L, 300L, true));
    HotkeyHistory one = new MinerQueries(database).hotkey(hotkey(1), 10);
    assertThat(one.uids()).extracting(stay -> stay.uid().value()).containsExactly(0, 1);
    assertThat(one.axons())
        .extracting(stay -> stay.axon().hostText())
        .containsExactly("8.8.8.1", "8.8.8.9");
    assertThat(one.results()).extracting(result -> result.uid().value()).containsExactly(0, 1, 0);
  }

  @Test
  void aHotkeyThatMovedKeepsItsAverageAndANewHolderInheritsNothing() throws IOException {
    round("average", 100, 0, Set.of(2), new Seat(1, 1), new Seat(2, 2));
    round("average", 200, 1, Set.of(2), new Seat(1, 1), new Seat(2, 2));
    round("average", 300, 2, Set.of(3), new Seat(3, 3), new Seat(1, 9));
    String sql =
        Files.readString(Path.of("db", "queries", "moving-average.sql"))
            .replace(":half_life_rounds", "20")
            .replace(":rounds", "200")
            .replace(":job", "''");
    Map<Object, List<Object>> byHotkey = new HashMap<>();
    for (List<Object> row :
        rows(
            sql.lines()
                .filter(line -> !line.startsWith("--"))
                .collect(Collectors.joining("\n"))
                .replace(";", ""))) {
      byHotkey.put(row.get(1), List.of(((Number) row.get(2)).doubleValue(), row.get(3)));
    }
    assertThat(byHotkey)
        .containsOnly(
            Map.entry(key(1), List.of(1.0, 3L)),
            Map.entry(key(2), List.of(0.0, 2L)),
            Map.entry(key(3), List.of(0.0, 1L)));
  }

  @Test
  void aRingGoesOnWhereTheLastRoundEndedAndIsStored() {
    String robin = "select: {who: round-robin, size: 1}";
    Seat[] seats = {new Seat(1, 1), new Seat(2, 2), new Seat(3, 3)};
    List<Integer> asked = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      asked.addAll(uidsOf(round("ring", robin, 100, i, Set.of(), seats)));
    }
    assertThat(asked).containsExactlyInAnyOrder(0, 1, 2);
    List<List<Object>> stored =
        rows("SELECT ring_seed, ring_from, ring_to, selection FROM round ORDER BY round_id");
    assertThat(stored.get(1).get(1)).isEqualTo(stored.get(0).get(2));
    assertThat(stored).extracting(row -> row.get(0)).containsOnly(stored.getFirst().getFirst());
    assertThat(stored.getFirst().get(3))
        .isEqualTo("round-robin of 1; deny-ports [22, 25, 53, 5432, 6379]; address-back-off PT1H");
  }

  @Test
  void theLeastRecentlyAskedComesFirst() {
    String recent = "select: {who: least-recent, size: 1}";
    Seat[] seats = {new Seat(1, 1), new Seat(2, 2), new Seat(3, 3)};
    List<Integer> asked = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      asked.addAll(uidsOf(round("recent", recent, 100, i, Set.of(), seats)));
    }
    assertThat(asked.subList(0, 3)).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(asked.subList(3, 6)).isEqualTo(asked.subList(0, 3));
  }

  @Test
  void silenceIsCountedFromTheFirstUnansweredQueryAndEndsWithAnAnswer() {
    Seat[] seats = {new Seat(1, 1), new Seat(2, 2)};
    round("silent", 100, 0, Set.of(), seats);
    round("silent", 100, 60, Set.of(1, 2), seats);
    round("silent", 100, 120, Set.of(1), seats);
    round("silent", 100, 180, Set.of(1), seats);
    JobDefinition job = job("silent", "select: {silent-after: 1h}");
    Past past =
        new SelectionPast(database)
            .of("silent", job.selection(), snapshot(100, seats), START.plusSeconds(200 * 60));
    assertThat(past.silences().keySet()).containsExactly(hotkey(1));
    assertThat(past.silences().values())
        .extracting(Past.Silence::since, Past.Silence::until, one -> one.axon().hostText())
        .containsExactly(tuple(START.plusSeconds(60 * 60), START.plusSeconds(180 * 60), "8.8.8.1"));
  }

  @Test
  void threeRoundsWithoutAnAxonBlockAnAddressAndOneSignEndsIt() {
    Seat[] seats = {new Seat(1, 1), new Seat(2, 2)};
    for (int i = 0; i < 3; i++) {
      round("quiet", 100, i, Set.of(1), seats);
    }
    long blocked = round("quiet", 100, 10, Set.of(), seats);
    assertThat(
            rows(
                "SELECT uid, unaskable, reason FROM target WHERE unaskable IS NOT NULL AND round_id = "
                    + blocked))
        .containsExactly(
            List.of(
                0,
                "BLOCKED_ADDRESS",
                "8.8.8.1 showed no axon in 3 rounds in a row; asked again from 2026-01-01T01:02:00Z"));
    assertThat(
            rows(
                "SELECT outcome, in_denominator FROM scoring_input WHERE uid = 0 AND round_id = "
                    + blocked))
        .containsExactly(List.of("BLOCKED_ADDRESS", true));
    round("quiet", 100, 63, Set.of(), seats);
    assertThat(rows("SELECT host FROM quiet_address")).isEmpty();
  }

  @Test
  void targetsThatShareAnAddressAndPortAreFlagged() {
    round("shared", 100, 0, Set.of(), new Seat(1, 1), new Seat(2, 1), new Seat(3, 3));
    assertThat(rows("SELECT uid, dup_endpoint FROM target ORDER BY uid"))
        .containsExactly(List.of(0, true), List.of(1, true), List.of(2, false));
  }

  @Test
  void aTranslatedAddressIsTheOneItTranslates() {
    round("shared", 100, 0, Set.of(), new Seat(1, 1), new Seat(2, TRANSLATED + 1), new Seat(3, 3));
    assertThat(rows("SELECT uid, dup_endpoint FROM target ORDER BY uid"))
        .containsExactly(List.of(0, true), List.of(1, true), List.of(2, false));
  }

  private long round(String job, long block, int minute, Set<Integer> unreachable, Seat... seats) {
    return round(job, "", block, minute, unreachable, seats);
  }

  /** Opens, asks and seals a round; the hotkeys of {@code unreachable} give no answer. */
  private long round(
      String name, String more, long block, int minute, Set<Integer> unreachable, Seat... seats) {
    JobDefinition job = job(name, more);
    MetagraphSnapshot snapshot = snapshot(block, seats);
    Instant opened = START.plusSeconds(minute * 60L);
    Past past = new SelectionPast(database).of(name, job.selection(), snapshot, opened);
    Chosen chosen = job.selection().decide(snapshot, OWN, 7 + minute, past);
    var store = new RoundStore(database);
    long roundId =
        store.open(
            new NewRound(
                job,
                Path.of(name + ".yaml"),
                RoundKind.MANUAL,
                Optional.empty(),
                snapshot,
                OWN,
                7 + minute,
                chosen.turn(),
                Selection.inAskingOrder(chosen.decisions(), 7),
                opened,
                List.of()),
            none -> NewChallenges.NONE);
    long fence = store.take(roundId, opened.plus(Duration.ofMinutes(10)), opened);
    List<Claim> claims =
        store.remaining(roundId, 0, Set.of()).stream()
            .map(
                target ->
                    new Claim(target, 1, UUID.randomUUID().toString(), NONCES.getAndIncrement()))
            .toList();
    if (!claims.isEmpty()) {
      store.claim(roundId, fence, claims, opened);
      store.store(
          roundId,
          fence,
          claims.stream()
              .map(
                  claim ->
                      ended(
                          claim,
                          opened,
                          unreachable.stream()
                              .anyMatch(key -> hotkey(key).equals(claim.target().hotkey()))))
              .toList());
    }
    store.seal(roundId, fence, new RoundSealing(Clock.fixed(opened, ZoneOffset.UTC)));
    return roundId;
  }

  private static JobDefinition job(String name, String more) {
    return JobFile.parse(
        """
        network: finney
        netuid: 1
        snapshot: {file: snapshot.json}
        synapse:
          name: Prompt
          request: {question: {type: str, value: why}}
          response: {answer: "optional[str]"}
        ask: {partitions: 1}
        """
            + more
            + "\n",
        Path.of(name + ".yaml"));
  }

  private static MetagraphSnapshot snapshot(long block, Seat... seats) {
    List<Neuron> neurons = new ArrayList<>();
    for (int uid = 0; uid < seats.length; uid++) {
      neurons.add(
          new Neuron(
              new Uid(uid),
              hotkey(seats[uid].hotkey),
              coldkey(seats[uid].hotkey),
              new BigInteger(1, InetAddress.ofLiteral(seats[uid].address()).getAddress()),
              seats[uid].host < TRANSLATED ? 4 : 6,
              8091,
              1,
              1,
              BigInteger.ONE,
              true,
              false,
              0,
              0,
              0,
              0));
    }
    return MetagraphSnapshot.of("finney", new NetUid(1), block, START, neurons);
  }

  private static EndedAttempt ended(Claim claim, Instant when, boolean unreachable) {
    byte[] body = new byte[0];
    var exchange =
        new Exchange(
            unreachable ? Outcome.TIMED_OUT : Outcome.OK,
            unreachable ? "no answer" : null,
            unreachable ? null : 200,
            null,
            new DendriteView(unreachable ? 408 : 200, "as the test says"),
            new Exchange.Timings(1_000L, unreachable ? null : 2_000L, unreachable ? null : 3_000L),
            Map.of(),
            body);
    return new EndedAttempt(
        claim,
        when,
        Optional.of(new EndedAttempt.Sent(exchange, 1, 1, "ab".repeat(32), body, "{}", false)));
  }

  private List<Integer> uidsOf(long roundId) {
    return rows("SELECT uid FROM target WHERE round_id = " + roundId).stream()
        .map(row -> (Integer) row.getFirst())
        .toList();
  }

  private List<List<Object>> rows(String sql) {
    return database
        .jdbc()
        .sql(sql)
        .query(
            (row, n) -> {
              List<Object> columns = new ArrayList<>();
              for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                columns.add(row.getObject(i));
              }
              return columns;
            })
        .list();
  }

  private static String key(int number) {
    return hotkey(number).text();
  }
}
