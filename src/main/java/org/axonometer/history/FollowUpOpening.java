package org.axonometer.history;

import static org.axonometer.history.Rows.at;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.axonometer.subnet.Sha256;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/**
 * The rows of a follow-up's opening, copied from the round it follows. Runs in the caller's
 * transaction.
 */
record FollowUpOpening(JdbcClient jdbc, NamedParameterJdbcTemplate batch) {

  /** Writes them; the new round's number. */
  long insert(NewFollowUp round) {
    long roundId = insertRound(round);
    insertTargets(roundId, round);
    return roundId;
  }

  private long insertRound(NewFollowUp round) {
    var key = new GeneratedKeyHolder();
    int inserted =
        jdbc.sql(
                """
                INSERT INTO round (job, open_job, kind, follows_round_id, state, snapshot_id, own_hotkey, wallet_path, wallet_name,
                                   wallet_hotkey, job_file, job_source, job_sha256, seed, partition_n, selected_n,
                                   selection_sha256, max_attempts, opened_at, deadline_at, selection,
                                   snapshot_age_seconds, snapshot_notes, retried)
                SELECT job, job, 'FOLLOW_UP', round_id, 'OPEN', snapshot_id, own_hotkey, wallet_path, wallet_name,
                       wallet_hotkey, job_file, job_source, job_sha256, CAST(:seed AS BIGINT), partition_n,
                       CAST(:selected AS INTEGER), CAST(:selection AS VARCHAR(64)), max_attempts,
                       CAST(:opened AS TIMESTAMP WITH TIME ZONE), CAST(:deadline AS TIMESTAMP WITH TIME ZONE), selection,
                       (SELECT GREATEST(0, CAST(EXTRACT(EPOCH FROM
                                 (CAST(:opened AS TIMESTAMP WITH TIME ZONE) - s.taken_at)) AS BIGINT))
                          FROM snapshot s WHERE s.snapshot_id = round.snapshot_id),
                       snapshot_notes, retried
                  FROM round
                 WHERE round_id = :follows AND state = 'SEALED' AND pruned_at IS NULL
                """)
            .param("seed", round.seed())
            .param("selected", round.targets().size())
            .param("selection", selectionSha256(round.targets()))
            .param("opened", at(round.openedAt()))
            .param("deadline", at(round.deadline()))
            .param("follows", round.follows())
            .update(key, "round_id");
    if (inserted != 1) {
      throw new HistoryException(
          "round %d cannot be followed: it is not sealed, or retention is deleting it"
              .formatted(round.follows()));
    }
    return Objects.requireNonNull(key.getKey()).longValue();
  }

  private void insertTargets(long roundId, NewFollowUp round) {
    var rows = new ArrayList<SqlParameterSource>(round.targets().size());
    for (AskableTarget target : round.targets()) {
      rows.add(
          new MapSqlParameterSource("round", roundId)
              .addValue("follows", round.follows())
              .addValue("uid", target.uid().value())
              .addValue("position", rows.size() + 1)
              .addValue("reason", reason(round, target)));
    }
    int[] inserted =
        batch.batchUpdate(
            """
            INSERT INTO target (round_id, uid, hotkey, coldkey, host, port, position, part_no, reason, dup_endpoint)
            SELECT r.round_id, t.uid, t.hotkey, t.coldkey, t.host, t.port, CAST(:position AS INTEGER),
                   MOD(CAST(:position AS INTEGER) - 1, r.partition_n), CAST(:reason AS VARCHAR(300)),
                   t.dup_endpoint
              FROM target t JOIN round r ON r.round_id = :round AND r.follows_round_id = t.round_id
             WHERE t.round_id = :follows AND t.uid = :uid AND t.part_no IS NOT NULL
            """,
            rows.toArray(SqlParameterSource[]::new));
    for (int i = 0; i < inserted.length; i++) {
      if (inserted[i] != 1) {
        throw new IllegalStateException(
            "uid %s has no address in round %d"
                .formatted(round.targets().get(i).uid(), round.follows()));
      }
    }
  }

  private static String reason(NewFollowUp round, AskableTarget target) {
    return "%s in round %d"
        .formatted(target.outcome().map(Enum::name).orElse("not asked"), round.follows());
  }

  /** As at any opening: uid, hotkey and endpoint of each target in the order of asking. */
  private static String selectionSha256(List<AskableTarget> targets) {
    var text = new StringBuilder();
    for (AskableTarget target : targets) {
      text.append("%s %s %s ASK\n".formatted(target.uid(), target.hotkey(), target.endpoint()));
    }
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
