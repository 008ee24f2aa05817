package org.axonometer.history;

import java.util.Optional;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Who held which uid from which block to which, carried on with every newer snapshot of a subnet.
 * Runs in the transaction that stores the snapshot, after its neurons.
 */
record UidTenures(JdbcClient jdbc) {

  /** Carries the stays on to this snapshot; one not newer than those known changes nothing. */
  void extend(long snapshotId, MetagraphSnapshot snapshot) {
    Optional<Long> newest =
        inSubnet(
                "SELECT MAX(to_block) FROM uid_tenure WHERE network = :network AND netuid = :netuid",
                snapshotId,
                snapshot)
            .query(Long.class)
            .optional();
    if (newest.isPresent() && newest.get() >= snapshot.block()) {
      return;
    }
    inSubnet(
            """
            UPDATE uid_tenure
               SET to_block = :block
             WHERE network = :network AND netuid = :netuid AND latest
               AND EXISTS (SELECT 1 FROM neuron n
                            WHERE n.snapshot_id = :snapshot AND n.uid = uid_tenure.uid AND n.hotkey = uid_tenure.hotkey)
            """,
            snapshotId,
            snapshot)
        .update();
    inSubnet(
            """
            UPDATE uid_tenure
               SET latest = FALSE
             WHERE network = :network AND netuid = :netuid AND latest
               AND EXISTS (SELECT 1 FROM neuron n
                            WHERE n.snapshot_id = :snapshot AND n.uid = uid_tenure.uid AND n.hotkey <> uid_tenure.hotkey)
            """,
            snapshotId,
            snapshot)
        .update();
    inSubnet(
            """
            INSERT INTO uid_tenure (network, netuid, uid, hotkey, from_block, to_block, latest)
            SELECT s.network, s.netuid, n.uid, n.hotkey, s.block, s.block, TRUE
              FROM snapshot s JOIN neuron n ON n.snapshot_id = s.snapshot_id
             WHERE s.snapshot_id = :snapshot
               AND NOT EXISTS (SELECT 1 FROM uid_tenure u
                                WHERE u.network = s.network AND u.netuid = s.netuid AND u.uid = n.uid AND u.latest)
            """,
            snapshotId,
            snapshot)
        .update();
  }

  private JdbcClient.StatementSpec inSubnet(
      String sql, long snapshotId, MetagraphSnapshot snapshot) {
    return jdbc.sql(sql)
        .param("network", snapshot.network())
        .param("netuid", snapshot.netuid().value())
        .param("block", snapshot.block())
        .param("snapshot", snapshotId);
  }
}
