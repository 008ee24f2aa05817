package org.axonometer.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.targets.Past;
import org.axonometer.targets.Pick;
import org.axonometer.targets.Selection;
import org.axonometer.targets.Turn;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads what a selection has to know of a job's earlier rounds, as far as its rules ask for it.
 * Rounds count once they are sealed; a round-robin turn counts from the round's opening.
 */
public final class SelectionPast {
  private static final long ANY_ROUND = Long.MAX_VALUE;

  private final JdbcClient jdbc;

  public SelectionPast(Database database) {
    this.jdbc = database.jdbc();
  }

  /** For a round to be opened now. */
  public Past of(String job, Selection selection, MetagraphSnapshot snapshot, Instant now) {
    return read(job, selection, snapshot, ANY_ROUND, now);
  }

  /**
   * As it was when this round was opened, as far as it is still stored; quiet addresses are not.
   */
  public Past before(Round round, Selection selection, MetagraphSnapshot snapshot) {
    return read(round.job(), selection, snapshot, round.id(), round.openedAt());
  }

  private Past read(
      String job, Selection selection, MetagraphSnapshot snapshot, long before, Instant now) {
    boolean recent = selection.pick() instanceof Pick.LeastRecent;
    boolean robin = selection.pick() instanceof Pick.RoundRobin;
    boolean aged = selection.limits().leastAgeBlocks().isPresent();
    boolean silence = selection.limits().silence().isPresent();
    boolean quiet = before == ANY_ROUND && !selection.backOff().first().isZero();
    return new Past(
        recent ? lastAsked(job, before) : Map.of(),
        silence ? silences(job, before) : Map.of(),
        aged ? tenancy(snapshot) : Optional.empty(),
        robin ? turn(job, before) : Optional.empty(),
        quiet ? quiet(job) : Map.of(),
        now);
  }

  private Map<Ss58Address, Instant> lastAsked(String job, long before) {
    Map<Ss58Address, Instant> asked = new HashMap<>();
    jdbc.sql(
            """
            SELECT i.hotkey, MAX(s.opened_at) AS asked_at
              FROM round_summary s JOIN scoring_input i ON i.round_id = s.round_id
             WHERE s.job = :job AND s.round_id < :before
               AND i.outcome NOT IN ('NOT_SERVING', 'BLOCKED_ADDRESS', 'UNSENT')
             GROUP BY i.hotkey
            """)
        .param("job", job)
        .param("before", before)
        .query(
            row -> {
              asked.put(Rows.address(row, "hotkey"), Rows.instant(row, "asked_at"));
            });
    return asked;
  }

  private Map<Ss58Address, Past.Silence> silences(String job, long before) {
    Map<Ss58Address, Past.Silence> silences = new HashMap<>();
    jdbc.sql(
            """
            WITH asked AS (
              SELECT i.round_id, i.hotkey, s.opened_at,
                     CASE WHEN i.outcome IN ('TIMED_OUT', 'UNREACHABLE', 'DISCONNECTED', 'BAD_PROTOCOL') THEN 0 ELSE 1 END
                       AS answered
                FROM round_summary s JOIN scoring_input i ON i.round_id = s.round_id
               WHERE s.job = :job AND s.round_id < :before AND i.blame <> 'VALIDATOR'
                 AND i.outcome NOT IN ('NOT_SERVING', 'BLOCKED_ADDRESS')),
            quiet AS (
              SELECT a.hotkey, MIN(a.opened_at) AS since, MAX(a.opened_at) AS until_at, MAX(a.round_id) AS last_round_id
                FROM asked a
                LEFT JOIN (SELECT hotkey, MAX(round_id) AS round_id FROM asked WHERE answered = 1 GROUP BY hotkey) l
                  ON l.hotkey = a.hotkey
               WHERE a.round_id > COALESCE(l.round_id, 0)
               GROUP BY a.hotkey)
            SELECT q.hotkey, q.since, q.until_at, t.host, t.port
              FROM quiet q JOIN target t ON t.round_id = q.last_round_id AND t.hotkey = q.hotkey
             WHERE t.host IS NOT NULL
            """)
        .param("job", job)
        .param("before", before)
        .query(
            row -> {
              silences.put(
                  Rows.address(row, "hotkey"),
                  new Past.Silence(
                      Rows.instant(row, "since"), Rows.instant(row, "until_at"), axon(row)));
            });
    return silences;
  }

  private static AxonEndpoint axon(ResultSet row) throws SQLException {
    return new AxonEndpoint(AxonEndpoint.literal(row.getString("host")), row.getInt("port"));
  }

  private Optional<Past.Tenancy> tenancy(MetagraphSnapshot snapshot) {
    record Held(Uid uid, Past.Arrival arrival) {}
    List<Held> known =
        jdbc.sql(
                """
                SELECT uid, hotkey, from_block FROM uid_tenure
                 WHERE network = :network AND netuid = :netuid AND from_block <= :block
                 ORDER BY from_block
                """)
            .param("network", snapshot.network())
            .param("netuid", snapshot.netuid().value())
            .param("block", snapshot.block())
            .query(
                (row, n) ->
                    new Held(
                        Rows.uid(row),
                        new Past.Arrival(Rows.address(row, "hotkey"), row.getLong("from_block"))))
            .list();
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Map<Uid, Past.Arrival> holders = new HashMap<>();
    known.forEach(held -> holders.put(held.uid, held.arrival));
    return Optional.of(new Past.Tenancy(holders, known.getFirst().arrival.block()));
  }

  private Optional<Turn> turn(String job, long before) {
    return jdbc.sql(
            """
            SELECT ring_seed, ring_from, ring_to FROM round
             WHERE job = :job AND round_id < :before AND ring_seed IS NOT NULL
             ORDER BY round_id DESC FETCH FIRST ROW ONLY
            """)
        .param("job", job)
        .param("before", before)
        .query(
            (row, n) ->
                new Turn(
                    row.getLong("ring_seed"), row.getString("ring_from"), row.getString("ring_to")))
        .optional();
  }

  private Map<String, Past.Quiet> quiet(String job) {
    Map<String, Past.Quiet> quiet = new HashMap<>();
    jdbc.sql("SELECT host, round_n, asked_at FROM quiet_address WHERE job = :job")
        .param("job", job)
        .query(
            row -> {
              quiet.put(
                  row.getString("host"),
                  new Past.Quiet(row.getInt("round_n"), Rows.instant(row, "asked_at")));
            });
    return quiet;
  }
}
