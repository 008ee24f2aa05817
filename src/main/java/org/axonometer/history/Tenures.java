package org.axonometer.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Who held which uid, and where each hotkey served, from which block to which block: carried on
 * with every snapshot, older ones too. Runs in the transaction that stores the snapshot.
 */
record Tenures(JdbcClient jdbc, NamedParameterJdbcTemplate batch) {

  private static final Table UIDS =
      new Table(
          """
          SELECT CAST(uid AS VARCHAR(48)) AS key_text, hotkey AS value_text, from_block, to_block FROM uid_tenure
           WHERE network = :network AND netuid = :netuid ORDER BY from_block
          """,
          """
          INSERT INTO uid_tenure (network, netuid, uid, hotkey, from_block, to_block, latest)
          VALUES (:network, :netuid, :uid, :hotkey, :from, :to, :latest)
          """,
          """
          UPDATE uid_tenure SET hotkey = :hotkey, to_block = :to, latest = :latest
           WHERE network = :network AND netuid = :netuid AND uid = :uid AND from_block = :from
          """,
          """
          DELETE FROM uid_tenure
           WHERE network = :network AND netuid = :netuid AND uid = :uid AND from_block = :from
          """,
          (uid, hotkey) -> Map.of("uid", Integer.parseInt(uid), "hotkey", hotkey));

  private static final Table AXONS =
      new Table(
          """
          SELECT hotkey AS key_text, host || ' ' || CAST(port AS VARCHAR(5)) AS value_text, from_block, to_block
            FROM axon_tenure
           WHERE network = :network AND netuid = :netuid ORDER BY from_block
          """,
          """
          INSERT INTO axon_tenure (network, netuid, hotkey, host, port, from_block, to_block, latest)
          VALUES (:network, :netuid, :hotkey, :host, :port, :from, :to, :latest)
          """,
          """
          UPDATE axon_tenure SET host = :host, port = :port, to_block = :to, latest = :latest
           WHERE network = :network AND netuid = :netuid AND hotkey = :hotkey AND from_block = :from
          """,
          """
          DELETE FROM axon_tenure
           WHERE network = :network AND netuid = :netuid AND hotkey = :hotkey AND from_block = :from
          """,
          (hotkey, axon) ->
              Map.of(
                  "hotkey",
                  hotkey,
                  "host",
                  axon.substring(0, axon.indexOf(' ')),
                  "port",
                  Integer.parseInt(axon.substring(axon.indexOf(' ') + 1))));

  /** One kind of stay: its statements, and its own columns from key and value. */
  private record Table(
      String select, String insert, String update, String delete, Columns columns) {
    interface Columns {
      Map<String, ?> of(String key, String value);
    }
  }

  void extend(MetagraphSnapshot snapshot) {
    // Two snapshots of a subnet one after the other: the second has to see what the first made.
    jdbc.sql(
            """
            SELECT snapshot_id FROM snapshot
             WHERE network = :network AND netuid = :netuid
             ORDER BY snapshot_id FETCH FIRST ROW ONLY FOR UPDATE
            """)
        .param("network", snapshot.network())
        .param("netuid", snapshot.netuid().value())
        .query(Long.class)
        .list();
    extend(
        UIDS,
        snapshot,
        snapshot.neurons().stream()
            .collect(
                Collectors.toMap(
                    neuron -> neuron.uid().toString(), neuron -> neuron.hotkey().text())));
    Function<Neuron, String> served =
        neuron -> neuron.endpoint().map(axon -> axon.hostText() + " " + axon.port()).orElseThrow();
    extend(
        AXONS,
        snapshot,
        snapshot.neurons().stream()
            .filter(neuron -> neuron.endpoint().isPresent())
            .collect(Collectors.toMap(neuron -> neuron.hotkey().text(), served)));
  }

  private void extend(Table table, MetagraphSnapshot snapshot, Map<String, String> seen) {
    record Row(String key, Stay stay) {}
    Map<String, List<Stay>> known =
        jdbc
            .sql(table.select)
            .param("network", snapshot.network())
            .param("netuid", snapshot.netuid().value())
            .query(
                (row, n) ->
                    new Row(
                        row.getString("key_text"),
                        new Stay(
                            row.getString("value_text"),
                            row.getLong("from_block"),
                            row.getLong("to_block"))))
            .list()
            .stream()
            .collect(
                Collectors.groupingBy(
                    Row::key, Collectors.mapping(Row::stay, Collectors.toList())));
    List<SqlParameterSource> deletes = new ArrayList<>();
    List<SqlParameterSource> updates = new ArrayList<>();
    List<SqlParameterSource> inserts = new ArrayList<>();
    seen.forEach(
        (key, value) -> {
          List<Stay> before = known.getOrDefault(key, List.of());
          List<Stay> after = Stay.with(before, value, snapshot.block());
          for (Stay stay : before) {
            if (after.stream().noneMatch(other -> other.from() == stay.from())) {
              deletes.add(columns(table, snapshot, key, stay, false));
            }
          }
          for (Stay stay : after) {
            boolean latest = stay.equals(after.getLast());
            boolean wasLatest = !before.isEmpty() && stay.equals(before.getLast());
            if (before.stream().noneMatch(other -> other.from() == stay.from())) {
              inserts.add(columns(table, snapshot, key, stay, latest));
            } else if (!before.contains(stay) || latest != wasLatest) {
              updates.add(columns(table, snapshot, key, stay, latest));
            }
          }
        });
    Rows.write(batch, table.delete, deletes.stream());
    Rows.write(batch, table.update, updates.stream());
    Rows.write(batch, table.insert, inserts.stream());
  }

  private static SqlParameterSource columns(
      Table table, MetagraphSnapshot snapshot, String key, Stay stay, boolean latest) {
    return new MapSqlParameterSource("network", snapshot.network())
        .addValue("netuid", snapshot.netuid().value())
        .addValue("from", stay.from())
        .addValue("to", stay.to())
        .addValue("latest", latest)
        .addValues(table.columns.of(key, stay.value()));
  }
}
