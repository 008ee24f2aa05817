package org.axonometer.history;

import static org.axonometer.history.Rows.at;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Addresses at which a job's rounds found no sign of an axon: neither an OK answer nor the status
 * header that only an axon sends. Faults of ours tell nothing about an address. Runs in the seal's
 * transaction, after the scoring inputs.
 */
record QuietAddressRows(JdbcClient jdbc, NamedParameterJdbcTemplate batch) {

  private static final Duration FORGOTTEN = Duration.ofDays(30);

  private enum Found {
    A_SIGN,
    NOTHING,
    NOT_ASKED
  }

  private record Host(String address, Found found) {}

  void count(Round round) {
    jdbc.sql("DELETE FROM quiet_address WHERE job = :job AND asked_at < :forgotten")
        .param("job", round.job())
        .param("forgotten", at(forgotten(round.openedAt())))
        .update();
    Set<String> known =
        Set.copyOf(
            jdbc.sql("SELECT host FROM quiet_address WHERE job = :job")
                .param("job", round.job())
                .query(String.class)
                .list());
    List<Host> hosts = hosts(round);
    change(
        round,
        "DELETE FROM quiet_address WHERE job = :job AND host = :host",
        hosts,
        host -> host.found == Found.A_SIGN && known.contains(host.address));
    change(
        round,
        """
        UPDATE quiet_address SET round_n = round_n + 1, asked_at = :opened
         WHERE job = :job AND host = :host
        """,
        hosts,
        host -> host.found == Found.NOTHING && known.contains(host.address));
    change(
        round,
        "INSERT INTO quiet_address (job, host, round_n, asked_at) VALUES (:job, :host, 1, :opened)",
        hosts,
        host -> host.found == Found.NOTHING && !known.contains(host.address));
  }

  /** Each address once. A subquery per row of it would cost the square of the round's size. */
  private List<Host> hosts(Round round) {
    return jdbc.sql(
            """
            SELECT t.host,
                   MAX(CASE WHEN i.outcome = 'OK' OR i.claimed_status IS NOT NULL THEN 1 ELSE 0 END) AS sign_n,
                   MAX(CASE WHEN i.attempts > 0 AND i.blame <> 'VALIDATOR' THEN 1 ELSE 0 END) AS asked_n
              FROM target t JOIN scoring_input i ON i.round_id = t.round_id AND i.uid = t.uid
             WHERE t.round_id = :round AND t.host IS NOT NULL
             GROUP BY t.host
            """)
        .param("round", round.id())
        .query(
            (row, n) ->
                new Host(
                    row.getString("host"),
                    row.getInt("sign_n") > 0
                        ? Found.A_SIGN
                        : row.getInt("asked_n") > 0 ? Found.NOTHING : Found.NOT_ASKED))
        .list();
  }

  private void change(Round round, String sql, List<Host> hosts, Predicate<Host> which) {
    Rows.write(
        batch,
        sql,
        hosts.stream()
            .filter(which)
            .map(
                host ->
                    new MapSqlParameterSource("job", round.job())
                        .addValue("host", host.address)
                        .addValue("opened", at(round.openedAt()))));
  }

  private static Instant forgotten(Instant opened) {
    return opened.isAfter(Instant.EPOCH.plus(FORGOTTEN)) ? opened.minus(FORGOTTEN) : Instant.EPOCH;
  }
}
