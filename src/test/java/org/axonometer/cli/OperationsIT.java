package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.axonometer.cli.OperationsPage.Handling;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.mockaxons.Behaviour;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Uid;
import org.axonometer.testing.Program;
import org.axonometer.testing.Shell;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every symptom of docs/operations.md, provoked on the real jar, a real database and a park, and
 * handled with the commands of that page.
 */
@Execution(ExecutionMode.CONCURRENT)
class OperationsIT {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir private Path folder;

  private Shell shell = Shell.in(Path.of(""));
  private OperationsPage page = new OperationsPage(List.of(), Map.of());

  /** The symptoms a test provokes. */
  @Retention(RetentionPolicy.RUNTIME)
  private @interface Provokes {
    String[] value();
  }

  @BeforeAll
  static void properties() {
    HttpProperties.set();
    Database.bindToLoopback();
  }

  @BeforeEach
  void open() throws IOException {
    shell = Shell.in(folder);
    page = OperationsPage.read();
  }

  @Test
  void everySymptomIsProvoked() {
    List<String> provoked =
        Stream.of(OperationsIT.class.getDeclaredMethods())
            .map(method -> method.getAnnotation(Provokes.class))
            .filter(Objects::nonNull)
            .flatMap(provokes -> Stream.of(provokes.value()))
            .toList();
    assertThat(provoked)
        .hasSizeGreaterThanOrEqualTo(15)
        .containsExactlyInAnyOrderElementsOf(page.symptoms().keySet());
  }

  private Handling handling(String symptom) {
    return page.handling(symptom, shell);
  }

  private Path home() {
    return folder.resolve("home");
  }

  private void run(int exitCode, String line) {
    Shell.Ended ended = shell.run(line);
    assertThat(ended.exitCode()).as(line + ": " + ended.out() + ended.err()).isEqualTo(exitCode);
  }

  private static void await(Process process, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(process.isAlive()).isTrue();
      assertThat(System.nanoTime()).isLessThan(giveUp);
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static void edit(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  /** A park that can be closed and opened again at the same addresses. */
  private static ParkSettings fixed(int count) throws IOException {
    try (var free = new ServerSocket(0)) {
      return ParkSettings.of(count, Profile.HONEST).withPort(free.getLocalPort());
    }
  }

  private static MockAxonPark park(ParkSettings settings, Manner manner, Clock clock) {
    return MockAxonPark.open(
        settings, Collections.nCopies(settings.count(), Behaviour.of(manner)), clock);
  }

  private void change(String sql) throws SQLException {
    try (Database database = Database.own(home());
        Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  @Provokes({
    "A round did not start",
    "A job file is broken after an edit",
    "Scheduled times were missed or skipped",
    "serve was killed"
  })
  void whatHappensToServe() throws Exception {
    try (var park =
        MockAxonPark.open(ParkSettings.of(8, Profile.HONEST).withDelay(Duration.ofMillis(800)))) {
      Path job =
          TestRounds.in(folder, park)
              .job("mine", "timeout: 5s", "concurrency: 2", "partitions: 1", "round-deadline: 2m");
      Files.writeString(job, Files.readString(job) + "schedule: {every: 1s}\n");
      Path snapshot = folder.resolve("snapshot.json");
      Path away = Files.move(snapshot, folder.resolve("away.json"));
      try (Program serve = Program.start(folder, "serve", "--home", home().toString())) {
        await(serve.process(), () -> serve.stderr().contains("FAILED_TO_OPEN"));
        Handling notStarted = handling("A round did not start");
        notStarted.next();
        notStarted.next();
        Files.move(away, snapshot);
        notStarted.rest();

        String good = Files.readString(job);
        edit(job, "netuid: 1", "netuid: one");
        Handling broken = handling("A job file is broken after an edit");
        broken.next();
        await(serve.process(), () -> serve.stderr().contains("the job stays as it was"));
        Files.writeString(job, good);
        broken.rest();

        await(
            serve.process(),
            () -> serve.stderr().contains(" ok=8 ") && serve.stderr().contains("SKIPPED_OVERLAP"));
        int before = park.receivedQueries().size();
        await(serve.process(), () -> park.receivedQueries().size() > before + 2);
        serve.signal("KILL");
        serve.process().waitFor();
      }
      Handling killed = handling("serve was killed");
      killed.next();
      LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
      try (Program serve = Program.start(folder, "serve", "--home", home().toString())) {
        await(serve.process(), () -> serve.stderr().contains("MISSED"));
        await(serve.process(), () -> serve.stderr().contains("asked="));
        killed.rest();
        handling("Scheduled times were missed or skipped").rest();
      }
    }
  }

  @Test
  void theFirstLookIsAsWritten() throws Exception {
    Shell.require("curl");
    assertThat(page.firstLook()).hasSize(5);
    try (var park = MockAxonPark.open(ParkSettings.of(16, Profile.MIXED))) {
      Path job = TestRounds.in(folder, park).job("mine", "timeout: 5s");
      Files.writeString(job, Files.readString(job) + "schedule: {every: 1m}\n");
      try (Program serve =
          Program.start(folder, "serve", "--metrics-port", "0", "--home", home().toString())) {
        await(serve.process(), () -> serve.stderr().contains("metrics and health on"));
        run(0, "scripts/axonometer jobs run mine");
        await(serve.process(), () -> serve.stderr().contains("job=mine asked="));
        String port = serve.stderr().replaceAll("(?s).*http://127\\.0\\.0\\.1:(\\d+).*", "$1");
        for (String command : page.firstLook()) {
          // It takes any free port, and does not wait for the failures to come.
          String once = command.contains("tail-failures") ? command + " --once" : command;
          Shell.Ended ended = shell.run(once.replace("9464", port));
          System.out.println("$ " + command + "\n" + ended.out() + ended.err());
          assertThat(ended.exitCode()).as(command + ": " + ended).isZero();
          assertThat(ended.out()).as(command).isNotBlank();
        }
      }
    }
  }

  @Test
  @Provokes({"A command ends with exit code 3", "A round was left OPEN by kill -9 or a reboot"})
  void whatIsLeftOpen() throws Exception {
    try (var park =
        MockAxonPark.open(ParkSettings.of(32, Profile.HONEST).withDelay(Duration.ofMillis(1500)))) {
      TestRounds.in(folder, park).job("mine", "timeout: 8s", "concurrency: 4", "partitions: 2");
      shell.with("ROUND", "1").with("AXONOMETER_DEBUG", "1");
      Shell.Started round = shell.start("exec scripts/axonometer run mine");
      await(round.process(), () -> park.receivedQueries().size() >= 6);
      Handling locked = handling("A command ends with exit code 3");
      locked.next();
      round.process().destroyForcibly().waitFor();
      locked.rest();
      run(3, "scripts/axonometer run mine");

      Handling leftOpen = handling("A round was left OPEN by kill -9 or a reboot");
      leftOpen.next();
      leftOpen.next();
      assertThat(park.receivedQueries().stream().map(ReceivedQuery::uid)).doesNotHaveDuplicates();
      leftOpen.rest();
      assertThat(park.receivedQueries()).hasSizeGreaterThan(32);
    }
  }

  @Test
  @Provokes("Many targets are unreachable: our network or theirs?")
  void nobodyCanBeReached() throws Exception {
    ParkSettings settings = fixed(8);
    try (var park = MockAxonPark.open(settings)) {
      TestRounds.in(folder, park).job("mine", "timeout: 2s");
    }
    shell.with("ROUND", "1");
    run(2, "scripts/axonometer run mine");
    Handling unreachable = handling("Many targets are unreachable: our network or theirs?");
    unreachable.next();
    unreachable.next();
    try (var park = MockAxonPark.open(settings)) {
      unreachable.rest();
      assertThat(park.receivedQueries()).hasSize(8);
    }
  }

  @Test
  @Provokes("The clock is wrong")
  void ourClockIsAnHourBehind() throws Exception {
    ParkSettings settings = fixed(8);
    try (var park = MockAxonPark.open(settings)) {
      TestRounds.in(folder, park).job("mine", "timeout: 2s");
    }
    shell.with("ROUND", "1");
    Handling clock = handling("The clock is wrong");
    try (var ahead = park(settings, Manner.ANSWER, Clock.offset(CLOCK, Duration.ofHours(1)))) {
      run(2, "scripts/axonometer run mine");
      assertThat(ahead.receivedQueries()).hasSize(8);
      clock.next();
      clock.next();
    }
    try (var park = MockAxonPark.open(settings)) {
      clock.rest();
      assertThat(park.receivedQueries()).hasSize(8);
    }
  }

  @Test
  @Provokes({"A miner complains about its score", "Everybody became slower"})
  void aMinerComplainsAndEverybodyIsSlower() throws Exception {
    ParkSettings settings = fixed(8);
    try (var park = MockAxonPark.open(settings)) {
      TestRounds.in(folder, park).job("mine", "timeout: 5s");
      run(0, "scripts/axonometer run mine");
    }
    try (var park = MockAxonPark.open(settings.withDelay(Duration.ofMillis(600)))) {
      run(0, "scripts/axonometer run mine");
      Neuron miner = park.snapshot().neurons().get(3);
      shell.with("ROUND", "2").with("HOTKEY", miner.hotkey().text()).with("WUID", "3");
      handling("A miner complains about its score").rest();
      Handling slower = handling("Everybody became slower");
      slower.next();
      List<String> rounds = slower.next().out().lines().toList();
      double after = Double.parseDouble(rounds.get(1).strip().split("\\s+", -1)[5]);
      double before = Double.parseDouble(rounds.get(2).strip().split("\\s+", -1)[5]);
      assertThat(after - before).as("shown where it is: in the axons").isGreaterThan(500);
      slower.rest();
    }
  }

  @Test
  @Provokes("Many targets are UNSENT")
  void theDeadlineComesFirst() throws Exception {
    try (var park =
        MockAxonPark.open(
            ParkSettings.of(16, Profile.HONEST).withDelay(Duration.ofMillis(2_500)))) {
      // Half the time it would take to ask all, and far more than it takes to begin.
      TestRounds.in(folder, park)
          .job("mine", "timeout: 10s", "concurrency: 2", "partitions: 1", "round-deadline: 12s");
      shell.with("ROUND", "1");
      run(0, "scripts/axonometer run mine");
      int asked = park.receivedQueries().size();
      assertThat(asked).isLessThan(16);
      handling("Many targets are UNSENT").rest();
      assertThat(park.receivedQueries().stream().map(ReceivedQuery::uid))
          .hasSizeGreaterThan(asked)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  @Provokes("A wave of TOO_LARGE or BAD_BODY")
  void theSynapseHasChanged() throws Exception {
    ParkSettings settings = fixed(6);
    List<Behaviour> changed =
        Stream.of(
                Manner.ENDLESS,
                Manner.WRONG_TYPE,
                Manner.ENDLESS,
                Manner.WRONG_TYPE,
                Manner.BROKEN_JSON,
                Manner.BROKEN_JSON)
            .map(Behaviour::of)
            .toList();
    shell.with("ROUND", "1").with("WUID", "2");
    Handling wave = handling("A wave of TOO_LARGE or BAD_BODY");
    try (var park = MockAxonPark.open(settings, changed, CLOCK)) {
      TestRounds.in(folder, park).job("mine", "timeout: 3s");
      run(0, "scripts/axonometer run mine");
      wave.next();
      wave.next();
    }
    try (var park = MockAxonPark.open(settings)) {
      wave.rest();
      assertThat(park.receivedQueries()).hasSize(6);
    }
  }

  @Test
  @Provokes("The snapshot is too old or of another subnet")
  void theSnapshotDoesNotFit() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST))) {
      Path job = TestRounds.in(folder, park).job("mine", "timeout: 3s");
      edit(job, "../snapshot.json}", "../snapshot.json, max-age: 1h}");
      Path file = folder.resolve("snapshot.json");
      shell.with("SNAPSHOT", file.toString());
      MetagraphSnapshot fresh = park.snapshot();
      write(fresh, 1, fresh.takenAt().minus(Duration.ofHours(2)), file);
      run(1, "scripts/axonometer run mine");
      assertThat(handling("The snapshot is too old or of another subnet").next().out())
          .contains("old");
      write(fresh, 2, fresh.takenAt(), file);
      Handling snapshot = handling("The snapshot is too old or of another subnet");
      assertThat(snapshot.next().out()).contains("netuid");
      write(fresh, 1, fresh.takenAt(), file);
      snapshot.rest();
      run(0, "scripts/axonometer run mine");
    }
  }

  private static void write(MetagraphSnapshot snapshot, int netuid, Instant takenAt, Path file) {
    SnapshotFile.write(
        MetagraphSnapshot.of(
            snapshot.network(), new NetUid(netuid), snapshot.block(), takenAt, snapshot.neurons()),
        file);
  }

  @Test
  @Provokes("The wallet is refused")
  void othersMayReadTheHotkey() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(2, Profile.HONEST))) {
      TestRounds.in(folder, park).job("mine", "timeout: 3s");
      Path hotkey = folder.resolve("wallets/default/hotkeys/default");
      Files.setPosixFilePermissions(hotkey, PosixFilePermissions.fromString("rw-r--r--"));
      shell.with("WALLETS", folder.resolve("wallets").toString());
      run(5, "scripts/axonometer run mine");
      Handling wallet = handling("The wallet is refused");
      assertThat(wallet.next().err()).contains("run: chmod 600 " + hotkey);
      run(0, "chmod 600 " + hotkey);
      wallet.rest();
    }
  }

  @Test
  @Provokes("A step FAILED on a database error")
  void theDatabaseRefusesAWrite() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(40, Profile.HONEST))) {
      TestRounds.in(folder, park).job("mine", "timeout: 3s", "partitions: 2");
      shell.with("ROUND", "1");
      change(
          "ALTER TABLE synapse_history ADD CONSTRAINT disk_is_bad CHECK (uid <> 7 OR state <> 'DONE')");
      run(5, "scripts/axonometer run mine");
      Handling failed = handling("A step FAILED on a database error");
      failed.next();
      change("ALTER TABLE synapse_history DROP CONSTRAINT disk_is_bad");
      failed.rest();
      assertThat(park.receivedQueries().stream().map(ReceivedQuery::uid)).doesNotHaveDuplicates();
    }
  }

  @Test
  @Provokes("The disk is full")
  void theDiskIsFull() throws Exception {
    Files.createDirectories(home());
    Assumptions.assumeTrue(
        shell.run("mount -t tmpfs -o size=32m,mode=700 tmpfs " + home()).exitCode() == 0,
        "skipped: a small disk needs the right to mount a tmpfs");
    try (var park =
        MockAxonPark.open(ParkSettings.of(48, Profile.HONEST).withDelay(Duration.ofMillis(400)))) {
      TestRounds.in(folder, park).job("mine", "timeout: 5s", "concurrency: 4", "partitions: 2");
      Shell.Started round = shell.start("exec scripts/axonometer run mine");
      await(round.process(), () -> park.receivedQueries().size() >= 6);
      shell.run("head -c 64M /dev/zero > %s/filler".formatted(home()));
      assertThat(round.process().waitFor(5, java.util.concurrent.TimeUnit.MINUTES)).isTrue();
      assertThat(round.process().exitValue()).as(round.ended(-1).toString()).isEqualTo(5);
      Handling full = handling("The disk is full");
      full.next();
      run(0, "rm %s/filler && mount -o remount,size=400m %1$s".formatted(home()));
      full.rest();
      run(0, "scripts/axonometer doctor mine");
      assertThat(park.receivedQueries().stream().map(ReceivedQuery::uid)).doesNotHaveDuplicates();
    } finally {
      shell.run("umount " + home());
    }
  }

  @Test
  @Provokes("The database grows")
  void oldRoundsAreStillThere() throws Exception {
    Files.createDirectories(folder.resolve("jobs"));
    try (Database database = Database.own(home())) {
      var rounds = new StoredRounds(database);
      rounds.exported("mine", 8, CLOCK.instant().minus(Duration.ofDays(120)));
      rounds.exported("mine", 8, CLOCK.instant().minus(Duration.ofDays(100)));
      rounds.exported("mine", 8, CLOCK.instant());
    }
    shell.with("BACKUPS", folder.resolve("backups").toString());
    handling("The database grows").rest();
    assertThat(shell.run("scripts/axonometer verify --all").out())
        .contains("1 hold, 2 pruned, 0 broken");
  }

  @Test
  @Provokes("A seal does not verify")
  void somebodyChangedASealedRow() throws Exception {
    Files.createDirectories(folder.resolve("jobs"));
    try (Database database = Database.own(home())) {
      var rounds = new StoredRounds(database);
      rounds.exported("mine", 4, CLOCK.instant().minusSeconds(60));
      rounds.sealed("mine", 4, CLOCK.instant(), uid -> Outcome.TIMED_OUT);
    }
    Path copy = folder.resolve("copy.zip");
    shell.with("COPY", copy.toString());
    run(0, "scripts/axonometer backup $COPY");
    change("UPDATE scoring_input SET outcome = 'OK' WHERE round_id = 2 AND uid = 1");
    handling("A seal does not verify").rest();
    run(0, "scripts/axonometer verify --all");
  }

  @Test
  @Provokes("An export is missing")
  void theExportsCouldNotBeWritten() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST))) {
      TestRounds.in(folder, park).job("mine", "timeout: 3s");
      Files.createDirectories(home().resolve("exports"));
      Path inTheWay = Files.writeString(home().resolve("exports/mine"), "not a folder");
      shell.with("ROUND", "1").with("EXPORTS", folder.resolve("elsewhere").toString());
      run(5, "scripts/axonometer run mine");
      Handling missing = handling("An export is missing");
      missing.next();
      Files.delete(inTheWay);
      missing.rest();
      assertThat(home().resolve("exports/mine/round-1.jsonl")).exists();
      assertThat(park.receivedQueries()).hasSize(4);
    }
  }

  @Test
  @Provokes("A hotkey was re-registered")
  void aUidHasAnotherHotkey() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST))) {
      TestRounds.in(folder, park).job("mine", "timeout: 3s");
      run(0, "scripts/axonometer run mine");
      MetagraphSnapshot before = park.snapshot();
      List<Neuron> neurons =
          before.neurons().stream()
              .map(neuron -> neuron.uid().equals(new Uid(2)) ? registeredAnew(neuron) : neuron)
              .toList();
      SnapshotFile.write(
          MetagraphSnapshot.of(
              before.network(), before.netuid(), before.block() + 10, before.takenAt(), neurons),
          folder.resolve("snapshot.json"));
      run(0, "scripts/axonometer run mine");
      shell.with("HOTKEY", before.neurons().get(2).hotkey().text());
      handling("A hotkey was re-registered").rest();
    }
  }

  private static Neuron registeredAnew(Neuron old) {
    return new Neuron(
        old.uid(),
        SnapshotNeurons.hotkey(777),
        old.coldkey(),
        old.axonIp(),
        old.axonIpType(),
        old.axonPort(),
        old.axonVersion(),
        old.axonBlock(),
        old.stakeRao(),
        old.active(),
        old.validatorPermit(),
        old.incentive(),
        old.dividends(),
        old.consensus(),
        old.lastUpdate());
  }
}
