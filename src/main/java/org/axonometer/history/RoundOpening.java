package org.axonometer.history;

import static org.axonometer.history.Rows.at;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Sha256;
import org.axonometer.targets.AddressGuard;
import org.axonometer.targets.Decision;
import org.axonometer.targets.Turn;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/**
 * The rows of a round's opening: its snapshot with the neurons, the round, its targets, the row of
 * its scheduled time. Runs in the caller's transaction.
 */
record RoundOpening(JdbcClient jdbc, NamedParameterJdbcTemplate batch) {

  /** Writes them; the new round's number. */
  long insert(NewRound round) {
    long roundId = insertRound(round, snapshotId(round.snapshot(), round.openedAt()));
    insertTargets(roundId, round);
    round
        .fireTime()
        .ifPresent(
            time -> FireStore.opened(jdbc, round.job().name(), time, roundId, round.openedAt()));
    return roundId;
  }

  private long snapshotId(MetagraphSnapshot snapshot, Instant now) {
    Optional<Long> known =
        // Locked, so that retention cannot delete it as unused before this round is committed.
        jdbc.sql("SELECT snapshot_id FROM snapshot WHERE sha256 = :sha256 FOR UPDATE")
            .param("sha256", snapshot.sha256())
            .query(Long.class)
            .optional();
    return known.orElseGet(() -> insertSnapshot(snapshot, now));
  }

  private long insertSnapshot(MetagraphSnapshot snapshot, Instant now) {
    var key = new GeneratedKeyHolder();
    jdbc.sql(
            """
            INSERT INTO snapshot (sha256, network, netuid, block, taken_at, stored_at)
            VALUES (:sha256, :network, :netuid, :block, :taken, :now)
            """)
        .param("sha256", snapshot.sha256())
        .param("network", snapshot.network())
        .param("netuid", snapshot.netuid().value())
        .param("block", snapshot.block())
        .param("taken", at(snapshot.takenAt()))
        .param("now", at(now))
        .update(key, "snapshot_id");
    long id = Objects.requireNonNull(key.getKey()).longValue();
    Rows.write(
        batch,
        """
        INSERT INTO neuron (snapshot_id, uid, hotkey, coldkey, axon_ip, axon_port, axon_version, stake_rao,
                            validator_permit, active, incentive_u16, dividends_u16, consensus_u16, last_update,
                            total_stake_rao, registered_block)
        VALUES (:snapshot, :uid, :hotkey, :coldkey, :ip, :port, :version, :stake, :permit, :active, :incentive,
                :dividends, :consensus, :last_update, :total_stake, :registered)
        """,
        snapshot.neurons().stream().map(neuron -> columns(id, neuron)));
    new Tenures(jdbc, batch).extend(snapshot);
    return id;
  }

  private static MapSqlParameterSource columns(long snapshotId, Neuron neuron) {
    return new MapSqlParameterSource("snapshot", snapshotId)
        .addValue("uid", neuron.uid().value())
        .addValue("hotkey", neuron.hotkey().text())
        .addValue("coldkey", neuron.coldkey().text())
        .addValue("ip", new BigDecimal(neuron.axonIp()))
        .addValue("port", neuron.axonPort())
        .addValue("version", neuron.axonVersion())
        .addValue("stake", new BigDecimal(neuron.stakeRao()))
        .addValue("permit", neuron.validatorPermit())
        .addValue("active", neuron.active())
        .addValue("incentive", neuron.incentive())
        .addValue("dividends", neuron.dividends())
        .addValue("consensus", neuron.consensus())
        .addValue("last_update", neuron.lastUpdate())
        .addValue("total_stake", neuron.totalStakeRao().map(BigDecimal::new).orElse(null))
        .addValue(
            "registered",
            neuron.registeredBlock().isPresent() ? neuron.registeredBlock().getAsLong() : null);
  }

  private long insertRound(NewRound round, long snapshotId) {
    var key = new GeneratedKeyHolder();
    jdbc.sql(
            """
            INSERT INTO round (job, open_job, kind, fire_time, state, snapshot_id, own_hotkey, wallet_path, wallet_name, wallet_hotkey,
                               job_file, job_source, job_sha256, seed, partition_n, selected_n, selection_sha256,
                               max_attempts, opened_at, deadline_at, selection, ring_seed, ring_from, ring_to,
                               snapshot_age_seconds, snapshot_notes, retried)
            VALUES (:job, :job, :kind, :fire, 'OPEN', :snapshot, :own, :wallet_path, :wallet_name, :wallet_hotkey,
                    :job_file, :source, :sha256, :seed, :partitions, :selected, :selection, :attempts, :opened, :deadline,
                    :rules, :ring_seed, :ring_from, :ring_to, :age, :notes, :retried)
            """)
        .param("job", round.job().name())
        .param("kind", round.kind().name())
        .param("fire", round.fireTime().map(Rows::at).orElse(null))
        .param("snapshot", snapshotId)
        .param("own", round.ownHotkey().text())
        .param("wallet_path", round.job().wallet().path().toString())
        .param("wallet_name", round.job().wallet().name())
        .param("wallet_hotkey", round.job().wallet().hotkey())
        .param("job_file", round.jobFile().toString())
        .param("source", round.job().source())
        .param("sha256", round.job().sha256())
        .param("seed", round.seed())
        .param("partitions", round.job().asking().partitions())
        .param("selected", round.targets().size())
        .param("selection", selectionSha256(round.targets()))
        .param("attempts", round.job().asking().maxAttempts())
        .param("retried", RetriedOutcomes.text(round.job()))
        .param("opened", at(round.openedAt()))
        .param("age", round.snapshot().age(round.openedAt()).toSeconds())
        .param(
            "notes",
            round.snapshotNotes().isEmpty()
                ? null
                : Rows.clean(String.join("; ", round.snapshotNotes()), 2_000))
        .param("deadline", at(round.openedAt().plus(round.job().asking().roundDeadline())))
        .param("rules", Rows.clean(round.job().selection().toString(), 16_000))
        .param("ring_seed", round.turn().map(Turn::seed).orElse(null))
        .param("ring_from", round.turn().map(Turn::from).orElse(null))
        .param("ring_to", round.turn().map(Turn::to).orElse(null))
        .update(key, "round_id");
    return Objects.requireNonNull(key.getKey()).longValue();
  }

  private void insertTargets(long roundId, NewRound round) {
    int partitions = round.job().asking().partitions();
    var asked = new AtomicInteger();
    Set<AxonEndpoint> shared = sharedEndpoints(round.targets());
    Rows.write(
        batch,
        """
        INSERT INTO target (round_id, uid, hotkey, coldkey, host, port, position, part_no, unaskable, reason, dup_endpoint)
        VALUES (:round, :uid, :hotkey, :coldkey, :host, :port, :position, :partition, :unaskable, :reason, :dup)
        """,
        IntStream.range(0, round.targets().size())
            .mapToObj(
                i -> {
                  Decision decision = round.targets().get(i);
                  boolean ask = decision.verdict() == Decision.Verdict.ASK;
                  Optional<AxonEndpoint> endpoint = decision.neuron().endpoint();
                  return new MapSqlParameterSource("round", roundId)
                      .addValue("uid", decision.neuron().uid().value())
                      .addValue("hotkey", decision.neuron().hotkey().text())
                      .addValue("coldkey", decision.neuron().coldkey().text())
                      .addValue("host", endpoint.map(AxonEndpoint::hostText).orElse(null))
                      .addValue("port", endpoint.map(AxonEndpoint::port).orElse(null))
                      .addValue("position", i + 1)
                      // Dealt out like cards, so that every partition holds early and late places
                      // alike.
                      .addValue("partition", ask ? asked.getAndIncrement() % partitions : null)
                      .addValue("unaskable", ask ? null : decision.verdict().name())
                      .addValue("reason", Rows.clean(decision.reason(), 300))
                      .addValue(
                          "dup",
                          endpoint.map(RoundOpening::reached).filter(shared::contains).isPresent());
                }));
  }

  private static Set<AxonEndpoint> sharedEndpoints(List<Decision> targets) {
    Set<AxonEndpoint> once = new HashSet<>();
    return targets.stream()
        .flatMap(target -> target.neuron().endpoint().stream())
        .map(RoundOpening::reached)
        .filter(endpoint -> !once.add(endpoint))
        .collect(Collectors.toSet());
  }

  private static AxonEndpoint reached(AxonEndpoint endpoint) {
    return new AxonEndpoint(AddressGuard.reached(endpoint.host()), endpoint.port());
  }

  /**
   * What a selection is: uid, hotkey and endpoint of each target in the order of asking, one line
   * each.
   */
  private static String selectionSha256(List<Decision> targets) {
    var text = new StringBuilder();
    for (Decision target : targets) {
      text.append(target.neuron().uid())
          .append(' ')
          .append(target.neuron().hotkey())
          .append(' ')
          .append(target.neuron().endpoint().map(Object::toString).orElse("-"))
          .append(' ')
          .append(target.verdict())
          .append('\n');
    }
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
