package org.axonometer.history;

import static org.axonometer.history.Rows.at;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Who may write to a round: its fence, its owner and the owner's lease. Each question and each
 * change locks the round's row, in the caller's transaction. A lease runs out by the database's
 * clock alone.
 */
record RoundOwnership(JdbcClient jdbc) {
  /** How long a silent owner is believed to live; shorter in tests. */
  static final Duration LEASE = Duration.ofSeconds(Integer.getInteger("axonometer.lease", 15));

  private static final String OWNER =
      """
      SELECT fence, state, owner_host, owner_pid, owner_process, owned_since, lease_until IS NOT NULL AS owned,
             COALESCE(lease_until <= CURRENT_TIMESTAMP, FALSE) AS lease_over
        FROM round
       WHERE round_id = :round
      """;

  /**
   * A round's owner as stored.
   *
   * @param owned false for a round nobody ever took or that was given back
   * @param leaseOver by the database's clock
   */
  private record Standing(
      long fence,
      Round.State state,
      ProcessIdentity process,
      @Nullable Instant since,
      boolean owned,
      boolean leaseOver) {

    boolean free() {
      return !owned || leaseOver || process.gone() || process.equals(ProcessIdentity.current());
    }

    RoundOwner owner() {
      return new RoundOwner(
          process.host(), process.pid(), Objects.requireNonNullElse(since, Instant.EPOCH));
    }

    String told() {
      return state == Round.State.SEALED
          ? "it is sealed"
          : owned ? "it was taken by " + owner() : "it was given back";
    }
  }

  private static Standing standing(ResultSet row, int n) throws SQLException {
    return new Standing(
        row.getLong("fence"),
        Round.State.valueOf(row.getString("state")),
        new ProcessIdentity(
            Objects.requireNonNullElse(row.getString("owner_host"), ""),
            row.getLong("owner_pid"),
            Objects.requireNonNullElse(row.getString("owner_process"), "")),
        Rows.optionalInstant(row, "owned_since").orElse(null),
        row.getBoolean("owned"),
        row.getBoolean("lease_over"));
  }

  private Standing locked(long roundId) {
    return jdbc.sql(OWNER + " FOR UPDATE")
        .param("round", roundId)
        .query(RoundOwnership::standing)
        .optional()
        .orElseThrow(() -> new RoundFencedException(roundId, "there is no such round"));
  }

  /** The living process that asks the round; empty when anybody may take it. */
  Optional<RoundOwner> owner(long roundId) {
    return jdbc.sql(OWNER)
        .param("round", roundId)
        .query(RoundOwnership::standing)
        .optional()
        .filter(standing -> standing.state == Round.State.OPEN && !standing.free())
        .map(Standing::owner);
  }

  /** Open rounds whose owner died or fell silent, oldest first. */
  List<Long> abandoned() {
    return jdbc
        .sql(
            "SELECT round_id FROM round WHERE state = 'OPEN' AND lease_until IS NOT NULL ORDER BY round_id")
        .query((row, n) -> row.getLong("round_id"))
        .list()
        .stream()
        .filter(this::isAbandoned)
        .toList();
  }

  private boolean isAbandoned(long roundId) {
    return jdbc.sql(OWNER)
        .param("round", roundId)
        .query(RoundOwnership::standing)
        .optional()
        .filter(standing -> standing.owned)
        .filter(standing -> standing.leaseOver || standing.process.gone())
        .isPresent();
  }

  /**
   * Makes this process the owner of an open round that is free: raises its fence and renews its
   * deadline.
   *
   * @return the new fence
   * @throws RoundOwnedException when another living process owns it
   * @throws RoundFencedException when it is sealed, or there is none
   */
  long take(long roundId, Instant deadline) {
    Standing found = locked(roundId);
    if (found.state == Round.State.SEALED) {
      throw new RoundFencedException(roundId, found.told());
    }
    if (!found.free()) {
      throw new RoundOwnedException(roundId, found.owner());
    }
    jdbc.sql("UPDATE round SET deadline_at = :deadline WHERE round_id = :round")
        .param("deadline", at(deadline))
        .param("round", roundId)
        .update();
    own(roundId, found.fence + 1);
    return found.fence + 1;
  }

  /** Notes this process as the owner, from now on. */
  void own(long roundId, long fence) {
    ProcessIdentity us = ProcessIdentity.current();
    jdbc.sql(
            """
            UPDATE round
               SET fence = :fence, owner_host = :host, owner_pid = :pid, owner_process = :life,
                   owner_started_at = :started, owned_since = CURRENT_TIMESTAMP,
                   lease_until = CURRENT_TIMESTAMP + CAST(:lease AS INTEGER) * INTERVAL '1' SECOND
             WHERE round_id = :round
            """)
        .param("fence", fence)
        .param("host", us.host())
        .param("pid", us.pid())
        .param("life", us.life())
        .param("started", at(ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH)))
        .param("lease", LEASE.toSeconds())
        .param("round", roundId)
        .update();
  }

  /**
   * Renews the lease.
   *
   * @return false when the round was sealed by this very owner: there is nothing to renew
   * @throws RoundFencedException when it is no longer ours
   */
  boolean renew(long roundId, long fence) {
    Standing found = locked(roundId);
    if (found.fence == fence && found.state == Round.State.SEALED) {
      return false;
    }
    require(roundId, fence, found);
    jdbc.sql(
            """
            UPDATE round
               SET lease_until = CURRENT_TIMESTAMP + CAST(:lease AS INTEGER) * INTERVAL '1' SECOND
             WHERE round_id = :round
            """)
        .param("lease", LEASE.toSeconds())
        .param("round", roundId)
        .update();
    return true;
  }

  /** Gives an open round back: anybody may take it. */
  void release(long roundId, long fence) {
    lock(roundId, fence);
    jdbc.sql("UPDATE round SET lease_until = NULL WHERE round_id = :round")
        .param("round", roundId)
        .update();
  }

  /**
   * Locks the round's row for a write.
   *
   * @throws RoundFencedException unless the round is open and still ours
   */
  void lock(long roundId, long fence) {
    require(roundId, fence, locked(roundId));
  }

  private static void require(long roundId, long fence, Standing found) {
    if (found.fence != fence || found.state != Round.State.OPEN) {
      throw new RoundFencedException(roundId, found.told());
    }
  }
}
