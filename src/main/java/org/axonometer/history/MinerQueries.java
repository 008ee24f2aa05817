package org.axonometer.history;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.axonometer.dendrite.Outcome;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about one neuron. Reads only. */
public final class MinerQueries {
  private static final String NEURON =
      """
      SELECT n.* FROM neuron n JOIN round r ON r.snapshot_id = n.snapshot_id WHERE r.round_id = :round
      """;

  private final JdbcClient jdbc;
  private final HistoryQueries history;

  public MinerQueries(Database database) {
    this.jdbc = database.jdbc();
    this.history = new HistoryQueries(database);
  }

  /** The neuron with this hotkey in the round's snapshot. */
  public Optional<MinerStory.SnapshotRow> neuron(long roundId, Ss58Address hotkey) {
    return jdbc.sql(NEURON + " AND n.hotkey = :hotkey")
        .param("round", roundId)
        .param("hotkey", hotkey.text())
        .query(MinerQueries::neuron)
        .optional();
  }

  /** The neuron with this uid in the round's snapshot. */
  public Optional<MinerStory.SnapshotRow> neuron(long roundId, Uid uid) {
    return jdbc.sql(NEURON + " AND n.uid = :uid")
        .param("round", roundId)
        .param("uid", uid.value())
        .query(MinerQueries::neuron)
        .optional();
  }

  /** Every neuron of the round's snapshot in uid order. */
  public List<MinerStory.SnapshotRow> neurons(long roundId) {
    return jdbc.sql(NEURON + " ORDER BY n.uid")
        .param("round", roundId)
        .query(MinerQueries::neuron)
        .list();
  }

  /** All that is stored of that neuron in the round. */
  public MinerStory story(long roundId, MinerStory.SnapshotRow neuron) {
    return new MinerStory(
        flags(roundId),
        neuron,
        target(roundId, neuron.uid()),
        attempts(roundId, neuron.uid()),
        history.scoringInput(roundId, neuron.uid()));
  }

  /**
   * Where a hotkey was and how it did, across uids and addresses.
   *
   * @param mostResults the newest so many
   */
  public HotkeyHistory hotkey(Ss58Address hotkey, int mostResults) {
    return new HotkeyHistory(
        jdbc.sql(
                """
                SELECT network, netuid, uid, from_block, to_block, latest FROM uid_tenure
                 WHERE hotkey = :hotkey ORDER BY network, netuid, from_block
                """)
            .param("hotkey", hotkey.text())
            .query(
                (row, n) ->
                    new HotkeyHistory.UidStay(
                        row.getString("network"),
                        new NetUid(row.getInt("netuid")),
                        Rows.uid(row),
                        row.getLong("from_block"),
                        row.getLong("to_block"),
                        row.getBoolean("latest")))
            .list(),
        jdbc.sql(
                """
                SELECT network, netuid, host, port, from_block, to_block, latest FROM axon_tenure
                 WHERE hotkey = :hotkey ORDER BY network, netuid, from_block
                """)
            .param("hotkey", hotkey.text())
            .query(
                (row, n) ->
                    new HotkeyHistory.AxonStay(
                        row.getString("network"),
                        new NetUid(row.getInt("netuid")),
                        new AxonEndpoint(
                            AxonEndpoint.literal(row.getString("host")), row.getInt("port")),
                        row.getLong("from_block"),
                        row.getLong("to_block"),
                        row.getBoolean("latest")))
            .list(),
        jdbc.sql(
                """
                SELECT i.round_id, s.job, s.sealed_at, i.uid, i.outcome, i.blame
                  FROM target t
                  JOIN scoring_input i ON i.round_id = t.round_id AND i.uid = t.uid
                  JOIN round_summary s ON s.round_id = t.round_id
                 WHERE t.hotkey = :hotkey
                 ORDER BY t.round_id DESC FETCH FIRST CAST(:most AS INTEGER) ROWS ONLY
                """)
            .param("hotkey", hotkey.text())
            .param("most", mostResults)
            .query(
                (row, n) ->
                    new HotkeyHistory.Result(
                        row.getLong("round_id"),
                        row.getString("job"),
                        Rows.instant(row, "sealed_at"),
                        Rows.uid(row),
                        row.getString("outcome"),
                        row.getString("blame")))
            .list());
  }

  private MinerStory.Flags flags(long roundId) {
    return jdbc.sql(
            """
            SELECT s.taken_at, r.mostly_unreachable, r.clock_doubted
              FROM round r JOIN snapshot s ON s.snapshot_id = r.snapshot_id
             WHERE r.round_id = :round
            """)
        .param("round", roundId)
        .query(
            (row, n) ->
                new MinerStory.Flags(
                    Rows.instant(row, "taken_at"),
                    row.getBoolean("mostly_unreachable"),
                    row.getBoolean("clock_doubted")))
        .single();
  }

  private Optional<MinerStory.Target> target(long roundId, Uid uid) {
    return jdbc.sql("SELECT * FROM target WHERE round_id = :round AND uid = :uid")
        .param("round", roundId)
        .param("uid", uid.value())
        .query(
            (row, n) ->
                new MinerStory.Target(
                    row.getString("host"),
                    Rows.integer(row, "port"),
                    row.getInt("position"),
                    Rows.integer(row, "part_no"),
                    row.getString("unaskable"),
                    row.getString("reason")))
        .optional();
  }

  private List<MinerStory.Attempt> attempts(long roundId, Uid uid) {
    return jdbc.sql(
            "SELECT * FROM synapse_history WHERE round_id = :round AND uid = :uid ORDER BY attempt")
        .param("round", roundId)
        .param("uid", uid.value())
        .query(MinerQueries::attempt)
        .list();
  }

  private static MinerStory.SnapshotRow neuron(ResultSet row, int n) throws SQLException {
    return new MinerStory.SnapshotRow(
        Rows.uid(row),
        Rows.address(row, "hotkey"),
        Rows.address(row, "coldkey"),
        row.getBigDecimal("axon_ip").toBigInteger(),
        row.getInt("axon_port"),
        row.getLong("axon_version"),
        row.getBigDecimal("stake_rao").toBigInteger(),
        row.getBoolean("validator_permit"),
        row.getBoolean("active"),
        row.getInt("incentive_u16"),
        row.getInt("dividends_u16"),
        Optional.ofNullable(row.getBigDecimal("total_stake_rao")).map(BigDecimal::toBigInteger),
        Rows.optionalLong(row, "registered_block"));
  }

  private static MinerStory.Attempt attempt(ResultSet row, int n) throws SQLException {
    return new MinerStory.Attempt(
        row.getInt("attempt"),
        AttemptState.valueOf(row.getString("state")),
        row.getLong("nonce"),
        row.getString("uuid"),
        Rows.instant(row, "claimed_at"),
        Rows.optionalInstant(row, "ended_at"),
        Optional.ofNullable(row.getString("outcome")).map(Outcome::valueOf).orElse(null),
        row.getString("detail"),
        Rows.integer(row, "http_status"),
        Rows.integer(row, "dendrite_status_code"),
        row.getString("dendrite_status_message"),
        Rows.number(row, "queue_nanos"),
        Rows.number(row, "prepare_nanos"),
        Rows.number(row, "connect_nanos"),
        Rows.number(row, "first_byte_nanos"),
        Rows.number(row, "total_nanos"),
        Rows.number(row, "response_bytes"),
        row.getString("response_sha256"),
        Rows.integer(row, "claimed_status_code"),
        row.getString("claimed_status_message"),
        row.getString("claimed_process_time"),
        StreamColumns.of(row),
        AnswerChecks.of(row),
        Rows.integer(row, "local_stall_ms"));
  }
}
