package org.axonometer.history;

import java.time.Instant;
import java.util.List;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Uid;

/**
 * What is known of one hotkey, whatever uids and addresses it had. Blocks are those of snapshots
 * that rounds were opened on.
 *
 * @param uids in block order
 * @param axons in block order
 * @param results newest first, of any job
 */
public record HotkeyHistory(List<UidStay> uids, List<AxonStay> axons, List<Result> results) {

  /**
   * @param latest no later holder of the uid is known
   */
  public record UidStay(
      String network, NetUid netuid, Uid uid, long fromBlock, long toBlock, boolean latest) {}

  /**
   * @param latest no later address of the hotkey is known
   */
  public record AxonStay(
      String network,
      NetUid netuid,
      AxonEndpoint axon,
      long fromBlock,
      long toBlock,
      boolean latest) {}

  /** What one sealed round made of it. */
  public record Result(
      long round, String job, Instant sealedAt, Uid uid, String outcome, String blame) {}

  public boolean isEmpty() {
    return uids.isEmpty() && axons.isEmpty() && results.isEmpty();
  }
}
