package org.axonometer.history;

import java.util.List;
import org.axonometer.subnet.Uid;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes challenges and how far a job is in their source. Runs in the caller's transaction. */
record ChallengeRows(JdbcClient jdbc, NamedParameterJdbcTemplate batch) {
  static final int EVERYBODY = -1;

  /** Puts them in the place of those for the same target and attempt. */
  void replace(long roundId, String job, NewChallenges fresh) {
    batch(
        "DELETE FROM challenge WHERE round_id = :round AND uid = :uid AND first_attempt = :first",
        roundId,
        fresh.challenges());
    insert(roundId, job, fresh);
  }

  void insert(long roundId, String job, NewChallenges fresh) {
    batch(
        """
        INSERT INTO challenge (round_id, uid, first_attempt, seed, origin, fields)
        VALUES (:round, :uid, :first, :seed, :origin, :fields)
        """,
        roundId,
        fresh.challenges());
    fresh.move().ifPresent(move -> move(job, move));
  }

  private void batch(String sql, long roundId, List<Challenge> challenges) {
    Rows.write(
        batch,
        sql,
        challenges.stream()
            .map(
                challenge ->
                    new MapSqlParameterSource("round", roundId)
                        .addValue("uid", challenge.uid().map(Uid::value).orElse(EVERYBODY))
                        .addValue("first", challenge.firstAttempt())
                        .addValue("seed", challenge.seed())
                        .addValue("origin", Rows.clean(challenge.origin(), 300))
                        .addValue("fields", challenge.fields())));
  }

  private void move(String job, NewChallenges.CursorMove move) {
    int moved =
        jdbc.sql(
                """
                UPDATE challenge_cursor SET handed_out_n = :to
                 WHERE job = :job AND source = :source AND handed_out_n = :from
                """)
            .param("to", move.to())
            .param("job", job)
            .param("source", move.source())
            .param("from", move.from())
            .update();
    if (moved == 0) {
      // Refused as a second row when another round took some meanwhile.
      jdbc.sql(
              "INSERT INTO challenge_cursor (job, source, handed_out_n) VALUES (:job, :source, :to)")
          .param("job", job)
          .param("source", move.source())
          .param("to", move.to())
          .update();
    }
  }
}
