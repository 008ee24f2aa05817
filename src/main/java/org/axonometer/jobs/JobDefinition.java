package org.axonometer.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.axonometer.subnet.NetUid;
import org.axonometer.synapse.SynapseType;
import org.axonometer.targets.Selection;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.node.ObjectNode;

/**
 * One job: what a round of it asks, whom, how and what is kept.
 *
 * @param fields the request fields' values, constants, already checked against the synapse
 * @param source the YAML text as read, frozen into each round
 * @param sha256 lower-case hex of that text's UTF-8 bytes
 */
public record JobDefinition(
    String name,
    String description,
    String network,
    NetUid netuid,
    SnapshotSource snapshot,
    Wallet wallet,
    SynapseType synapse,
    ObjectNode fields,
    Selection selection,
    Asking asking,
    Storing storing,
    Scoring scoring,
    String source,
    String sha256) {

  /**
   * @param maxAge a snapshot older than this is refused; empty = any age
   */
  public record SnapshotSource(Path file, Optional<Duration> maxAge) {}

  public record Wallet(Path path, String name, String hotkey) {}

  /**
   * @param timeout the one deadline of a query, connect included
   * @param concurrency queries in flight in the whole round
   * @param partitions worker steps
   * @param maxAttempts queries per target and round at the most
   * @param roundDeadline what was not asked by then is UNSENT
   * @param dendriteIp what is sent as our own address; informational
   */
  public record Asking(
      Duration timeout,
      int concurrency,
      int partitions,
      int maxAttempts,
      Duration roundDeadline,
      String dendriteIp) {}

  /**
   * @param maxResponseBytes the most of an answer that is read
   */
  public record Storing(Bodies bodies, int maxResponseBytes) {}

  public enum Bodies {
    ALL,
    OK,
    NONE
  }

  /**
   * @param fields names of extra scoring columns, each a JSON Pointer into the answer; in file
   *     order
   * @param successThreshold share of the denominator that must be OK for exit code 0, 0.0 to 1.0
   */
  public record Scoring(Map<String, JsonPointer> fields, double successThreshold) {}
}
