package org.axonometer.rounds;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.history.HistoryQueries.UsedSnapshot;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobDefinition.SnapshotSource;
import org.axonometer.metagraph.ChainFetch;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotException;

/**
 * The snapshot a round of a job works on.
 *
 * @param file it was read from, or the file or folder that is kept of it
 * @param notes what an operator should know of it, such as an endpoint that failed; empty when all
 *     is as wished
 */
public record RoundSnapshot(MetagraphSnapshot snapshot, Path file, List<String> notes) {

  public RoundSnapshot {
    notes = List.copyOf(notes);
  }

  /**
   * What is there without asking the chain: the job's file, or the newest snapshot kept of its
   * subnet.
   *
   * @throws SnapshotException when there is none, or it is refused
   */
  public static RoundSnapshot stored(JobDefinition job, KeptSnapshots kept) {
    return switch (job.snapshot().origin()) {
      case SnapshotSource.File(Path path) -> read(path, List.of());
      case SnapshotSource.Chain _ ->
          read(
              kept.newest(job.network(), job.netuid())
                  .orElseThrow(
                      () ->
                          new SnapshotException(
                              "no snapshot of %s %s was fetched yet; take one with: axonometer"
                                      .formatted(job.network(), job.netuid())
                                  + " snapshot fetch, or by running the job")),
              List.of());
    };
  }

  /**
   * What a round is opened on now: the job's file, or a fresh snapshot from the chain, kept.
   *
   * @throws SnapshotException when it is refused, or no endpoint gives one
   */
  static RoundSnapshot fresh(JobDefinition job, KeptSnapshots kept, Clock clock) {
    return switch (job.snapshot().origin()) {
      case SnapshotSource.File _ -> stored(job, kept);
      case SnapshotSource.Chain(ChainFetch chain) -> {
        ChainFetch.Fetched fetched = chain.fetch(job.netuid(), OptionalLong.empty(), clock);
        yield new RoundSnapshot(fetched.snapshot(), kept.keep(fetched.snapshot()), fetched.notes());
      }
    };
  }

  private static RoundSnapshot read(Path file, List<String> notes) {
    return new RoundSnapshot(org.axonometer.metagraph.SnapshotFile.read(file), file, notes);
  }

  /**
   * Checks that it is of the job's subnet and fresh enough.
   *
   * @param last of this subnet, by a round of this job; empty = none, or not known
   * @return the same, with a note for each thing that the job only warns of
   * @throws SnapshotException when it is refused
   */
  public RoundSnapshot checked(JobDefinition job, Optional<UsedSnapshot> last, Instant now) {
    List<String> all = new ArrayList<>(notes);
    try {
      snapshot.requireSubnet(job.network(), job.netuid());
      snapshot.requireNotFromFuture(now);
      snapshot.staleness(job.snapshot().maxAge(), now).ifPresent(reason -> note(job, reason, all));
      last.flatMap(used -> snapshot.disorder(used.block(), used.takenAt()))
          .ifPresent(reason -> note(job, reason, all));
    } catch (SnapshotException e) {
      throw new SnapshotException(file + ": " + e.getMessage(), e);
    }
    return new RoundSnapshot(snapshot, file, all);
  }

  private static void note(JobDefinition job, String reason, List<String> notes) {
    if (job.snapshot().whenStale() == SnapshotSource.WhenStale.REFUSE) {
      throw new SnapshotException(reason + "; allow it with when-stale: warn or --allow-stale");
    }
    notes.add(reason);
  }
}
