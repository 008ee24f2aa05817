package org.axonometer.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.axonometer.subnet.Uid;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the challenges of rounds, and how far a job is in their source. */
public final class StoredChallenges {
  private final JdbcClient jdbc;

  public StoredChallenges(Database database) {
    this.jdbc = database.jdbc();
  }

  /** All of a round's, by attempt; none where constants are asked. */
  public List<Challenge> of(long roundId) {
    return jdbc.sql(
            """
            SELECT uid, first_attempt, seed, origin, fields
              FROM challenge
             WHERE round_id = :round
             ORDER BY first_attempt, uid
            """)
        .param("round", roundId)
        .query(
            (row, n) ->
                new Challenge(
                    row.getInt("uid") == ChallengeRows.EVERYBODY
                        ? Optional.empty()
                        : Optional.of(Rows.uid(row)),
                    row.getInt("first_attempt"),
                    row.getLong("seed"),
                    row.getString("origin"),
                    row.getString("fields")))
        .list();
  }

  /** What these targets of a round were asked last, for another round that asks the same. */
  public NewChallenges repeated(long roundId, Collection<Uid> uids) {
    List<Challenge> stored = of(roundId);
    List<Challenge> repeated = new ArrayList<>();
    stored.stream().filter(challenge -> challenge.uid().isEmpty()).forEach(repeated::add);
    var wanted = new HashSet<>(uids);
    var last = new LinkedHashMap<Uid, Challenge>();
    for (Challenge challenge : stored) {
      challenge.uid().filter(wanted::contains).ifPresent(uid -> last.put(uid, challenge));
    }
    for (Challenge challenge : last.values()) {
      repeated.add(
          new Challenge(
              challenge.uid(), 1, challenge.seed(), challenge.origin(), challenge.fields()));
    }
    return new NewChallenges(repeated, Optional.empty());
  }

  /** How much of this source the job's rounds have had. */
  public long handedOut(String job, String source) {
    return jdbc.sql(
            "SELECT handed_out_n FROM challenge_cursor WHERE job = :job AND source = :source")
        .param("job", job)
        .param("source", source)
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /** How many attempts the target has, those released included. */
  public int attempts(long roundId, Uid uid) {
    return jdbc.sql("SELECT COUNT(*) FROM synapse_history WHERE round_id = :round AND uid = :uid")
        .param("round", roundId)
        .param("uid", uid.value())
        .query(Integer.class)
        .single();
  }

  /** The number a round would get that is opened next, unless another one comes first. */
  public long nextRound() {
    return jdbc.sql("SELECT COALESCE(MAX(round_id), 0) + 1 FROM round").query(Long.class).single();
  }
}
