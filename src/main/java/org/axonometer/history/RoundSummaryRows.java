package org.axonometer.history;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The narrow rows kept of a sealed round for good: its counts, its percentiles, its position bias.
 * Runs in the seal's transaction, after the round has become SEALED.
 */
record RoundSummaryRows(JdbcClient jdbc) {

  void insert(long roundId) {
    jdbc.sql(
            """
            INSERT INTO round_summary (round_id, job, network, netuid, block, opened_at, sealed_at, target_n, asked_n, attempt_n,
                                       denominator_n, ok_n, miner_n, network_n, validator_n, response_bytes, p50_nanos,
                                       p95_nanos, first_quarter_p50_nanos, last_quarter_p50_nanos, rank_correlation, kind)
            SELECT r.round_id, r.job, s.network, s.netuid, s.block, r.opened_at, r.sealed_at,
                   COUNT(i.uid),
                   COUNT(CASE WHEN i.attempts > 0 THEN 1 END),
                   COALESCE(SUM(i.attempts), 0),
                   COUNT(CASE WHEN i.in_denominator THEN 1 END),
                   COUNT(i.slowness),
                   COUNT(CASE WHEN i.blame = 'MINER' THEN 1 END),
                   COUNT(CASE WHEN i.blame = 'NETWORK' THEN 1 END),
                   COUNT(CASE WHEN i.blame = 'VALIDATOR' THEN 1 END),
                   COALESCE(SUM(i.response_bytes), 0),
                   CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY i.ok_nanos) AS BIGINT),
                   CAST(PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY i.ok_nanos) AS BIGINT),
                   CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN i.quarter = 1 THEN i.ok_nanos END) AS BIGINT),
                   CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN i.quarter = 4 THEN i.ok_nanos END) AS BIGINT),
                   CORR(i.place, i.slowness), r.kind
              FROM round r
              JOIN snapshot s ON s.snapshot_id = r.snapshot_id
              LEFT JOIN (SELECT round_id, uid, attempts, in_denominator, blame, response_bytes,
                                CASE WHEN outcome = 'OK' THEN total_nanos END AS ok_nanos,
                                CASE WHEN outcome = 'OK' THEN NTILE(4) OVER (PARTITION BY outcome ORDER BY position) END
                                  AS quarter,
                                CASE WHEN outcome = 'OK' THEN RANK() OVER (PARTITION BY outcome ORDER BY position) END
                                  AS place,
                                CASE WHEN outcome = 'OK' THEN RANK() OVER (PARTITION BY outcome ORDER BY total_nanos) END
                                  AS slowness
                           FROM scoring_input
                          WHERE round_id = :round) i
                ON i.round_id = r.round_id
             WHERE r.round_id = :round
             GROUP BY r.round_id, r.job, s.network, s.netuid, s.block, r.opened_at, r.sealed_at, r.kind
            """)
        .param("round", roundId)
        .update();
    jdbc.sql(
            """
            INSERT INTO round_outcome (round_id, outcome, blame, target_n)
            SELECT round_id, outcome, blame, COUNT(*)
              FROM scoring_input
             WHERE round_id = :round
             GROUP BY round_id, outcome, blame
            """)
        .param("round", roundId)
        .update();
  }
}
