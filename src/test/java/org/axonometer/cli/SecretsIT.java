package org.axonometer.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonometer.history.Database;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.sr25519.Sr25519;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestPostgres;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The seed, the key made of it and the password of an encrypted hotkey, looked for in all the real
 * program leaves: its logs at their most talkative, what its commands print, its files, its
 * database as text, its arguments and variables, and its memory with all that is dead in it.
 */
@Execution(ExecutionMode.CONCURRENT)
class SecretsIT {
  private static final byte[] SEED =
      HexFormat.of().parseHex("aa23a02ab359ee5783237a8c876de82f00183c47cf533aadef4e4bdcaa06564f");
  private static final byte[] KEY = Sr25519.expand(SEED);
  private static final String PASSWORD = "correct horse ö";

  /** What is looked for, by name. Once in memory is the key that signs, as bytes. */
  private static final Map<String, byte[]> NEEDLES = needles();

  private static final List<List<Map.Entry<String, byte[]>>> BY_FIRST_BYTE =
      IntStream.range(0, 256)
          .mapToObj(
              first ->
                  NEEDLES.entrySet().stream()
                      .filter(needle -> (needle.getValue()[0] & 0xff) == first)
                      .toList())
          .toList();

  private static final List<String> LIVE = List.of("seed", "scalar", "nonce part");

  @TempDir private Path folder;

  private static Map<String, byte[]> needles() {
    Map<String, byte[]> needles = new LinkedHashMap<>();
    needles.put("seed", SEED);
    needles.put("scalar", Arrays.copyOf(KEY, 32));
    needles.put("nonce part", Arrays.copyOfRange(KEY, 32, 64));
    for (String part : List.copyOf(needles.keySet())) {
      byte[] bytes = Objects.requireNonNull(needles.get(part));
      text(needles, part + " in hex", HexFormat.of().formatHex(bytes));
      text(needles, part + " in upper case hex", HexFormat.of().withUpperCase().formatHex(bytes));
      text(
          needles,
          part + " in base 64",
          Base64.getEncoder().withoutPadding().encodeToString(bytes));
      text(needles, part + " as numbers", Arrays.toString(bytes));
    }
    needles.put("password", PASSWORD.getBytes(UTF_8));
    text(needles, "password as text", PASSWORD);
    return needles;
  }

  private static void text(Map<String, byte[]> needles, String name, String text) {
    for (Charset charset : List.of(ISO_8859_1, UTF_16BE)) {
      needles.put(name + ", " + charset, text.getBytes(charset));
    }
  }

  /** How often each needle is there; those that are not are left out. */
  private static Map<String, Integer> found(byte[] hay) {
    Map<String, Integer> found = new LinkedHashMap<>();
    for (int at = 0; at < hay.length; at++) {
      for (Map.Entry<String, byte[]> needle : BY_FIRST_BYTE.get(hay[at] & 0xff)) {
        byte[] bytes = needle.getValue();
        int end = at + bytes.length;
        if (end <= hay.length && Arrays.equals(hay, at, end, bytes, 0, bytes.length)) {
          found.merge(needle.getKey(), 1, Integer::sum);
        }
      }
    }
    return found;
  }

  private static void requireNone(String where, byte[] hay) {
    assertThat(found(hay)).as(where).isEmpty();
  }

  private Path home() {
    return folder.resolve("home");
  }

  private Program axonometer(Map<String, String> variables, String... arguments) {
    return Program.start(
        folder,
        variables,
        Stream.concat(Stream.of(arguments), Stream.of("--home", home().toString()))
            .toArray(String[]::new));
  }

  private static void await(Program program, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(program.process().isAlive()).as(program.stderr()).isTrue();
      assertThat(System.nanoTime()).as(program.stderr()).isLessThan(giveUp);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private String privateFile(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"))
        .toString();
  }

  private void putVault() throws IOException {
    Path hotkeys = folder.resolve("wallets/default/hotkeys");
    try (InputStream vault = SecretsIT.class.getResourceAsStream("/vectors/wallet/hotkey.vault")) {
      Files.move(
          Path.of(privateFile("vault", Objects.requireNonNull(vault).readAllBytes())),
          hotkeys.resolve("vault"));
    }
  }

  private int received() {
    try {
      Path log = folder.resolve("received.log");
      return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Everything on the heap of a process, the dead as well. */
  private byte[] heap(Program program, String name) throws Exception {
    Path dump = folder.resolve(name + ".hprof");
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(program.process().pid()),
                "GC.heap_dump",
                "-all",
                dump.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    assertThat(jcmd.waitFor()).as(said).isZero();
    byte[] heap = Files.readAllBytes(dump);
    Files.delete(dump);
    assertThat(new String(heap, ISO_8859_1)).contains("axonometer");
    return heap;
  }

  private static void requireTheLiveKeyOnly(String when, byte[] heap) {
    Map<String, Integer> found = found(heap);
    System.out.printf("heap %s, %d MiB, dead objects too: %s%n", when, heap.length >> 20, found);
    assertThat(found.keySet()).as(when).isSubsetOf(LIVE);
    assertThat(found.values()).as(when).allMatch(count -> count <= 1);
  }

  @Test
  void nothingTheProgramLeavesHoldsASecret() throws Exception {
    try (Program _ = Program.honestPark(folder, 24, Duration.ofMillis(700))) {
      putVault();
      Path job = new TestRounds(folder).job("probe", "timeout: 5s", "concurrency: 4");
      Files.writeString(job, Files.readString(job) + "schedule: {every: 15s}\n");
      String password = privateFile("password", (PASSWORD + "\n").getBytes(UTF_8));
      Map<String, String> talkative =
          Map.of(
              "AXONOMETER_JAVA_OPTS", "-Xmx96m -XX:-DisableAttachMechanism",
              "AXONOMETER_LOG", "TRACE",
              "AXONOMETER_LOG_ALL", "TRACE");
      try (Program serve =
          axonometer(talkative, "serve", "-H", "vault", "--wallet.password-file", password)) {
        await(serve, () -> received() >= 6);
        requireTheLiveKeyOnly("in the middle of a round", heap(serve, "middle"));
        Path proc = Path.of("/proc", Long.toString(serve.process().pid()));
        requireNone("environ", Files.readAllBytes(proc.resolve("environ")));
        requireNone("cmdline", Files.readAllBytes(proc.resolve("cmdline")));
        await(serve, () -> serve.stderr().contains(" asked=24"));
        requireTheLiveKeyOnly("after a round", heap(serve, "after"));
        serve.signal("TERM");
        serve.await();
        assertThat(serve.stderr()).contains(" | TRACE | ", " | DEBUG | ");
        requireNone("log of serve", (serve.stdout() + serve.stderr()).getBytes(UTF_8));
      }
      for (String[] command :
          new String[][] {
            {"show", "1"},
            {"show", "1", "--synapses"},
            {"explain", "1", "--uid", "1"},
            {"export", "1", "--format", "jsonl"},
            {"doctor", "probe", "-H", "vault", "--wallet.password-file", password},
            {"doctor", "probe", "-H", "vault"},
            {"plan", "probe", "-H", "vault", "--wallet.password-file", password}
          }) {
        Program program =
            axonometer(Map.of("AXONOMETER_LOG", "TRACE", "AXONOMETER_LOG_ALL", "TRACE"), command);
        program.await();
        requireNone(
            String.join(" ", command), (program.stdout() + program.stderr()).getBytes(UTF_8));
      }
      Database.bindToLoopback();
      try (Database database = Database.own(home())) {
        List<String> script =
            JdbcClient.create(database.dataSource())
                .sql("SCRIPT")
                .query((row, n) -> row.getString(1))
                .list();
        assertThat(script.toString()).contains("BATCH_JOB_EXECUTION_CONTEXT", "SYNAPSE_BODY");
        requireNone("database", String.join("\n", script).getBytes(UTF_8));
      }
      try (Stream<Path> files = Files.walk(home())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          requireNone(file.toString(), Files.readAllBytes(file));
        }
      }
    }
  }

  /** In memory and in the environment they are, as long as they are needed. */
  @Test
  void nothingTheProgramLeavesHoldsAPasswordOfItsDatabase() throws Exception {
    TestPostgres postgres = TestPostgres.create();
    Map<String, byte[]> passwords = new LinkedHashMap<>();
    postgres.variables().forEach((name, value) -> passwords(passwords, name, value));
    assertThat(passwords.keySet()).anyMatch(name -> name.contains("READER"));
    Map<String, String> talkative = new LinkedHashMap<>(postgres.variables());
    talkative.putAll(
        Map.of("AXONOMETER_LOG", "TRACE", "AXONOMETER_LOG_ALL", "TRACE", "AXONOMETER_DEBUG", "1"));
    Map<String, String> wrong = new LinkedHashMap<>(talkative);
    wrong.put("AXONOMETER_DB", postgres.address() + "_is_not_there");
    try (var park =
        MockAxonPark.open(ParkSettings.of(8, Profile.HONEST).withDelay(Duration.ofMillis(500)))) {
      TestRounds.in(folder, park).job("probe", "timeout: 5s", "concurrency: 2");
      try (Program round = axonometer(talkative, "run", "probe")) {
        await(round, () -> !park.receivedQueries().isEmpty());
        Path proc = Path.of("/proc", Long.toString(round.process().pid()));
        requireNone("cmdline", Files.readAllBytes(proc.resolve("cmdline")), passwords);
        byte[] environ = Files.readAllBytes(proc.resolve("environ"));
        assertThatThrownBy(() -> requireNone("environ", environ, passwords))
            .isInstanceOf(AssertionError.class);
        assertThat(round.await()).as(round.stderr()).isZero();
        assertThat(round.stderr()).contains(" | TRACE | ");
        requireNone(round, passwords);
      }
      for (String[] command :
          new String[][] {
            {"show", "1"},
            {"export", "1", "--format", "jsonl"},
            {"sql", "SELECT wrong FROM round"},
            {"doctor", "probe"}
          }) {
        requireNone(axonometer(talkative, command), passwords);
      }
      requireNone(axonometer(wrong, "verify", "--all"), passwords);
      requireNone(axonometer(wrong, "run", "probe"), passwords);
    }
    for (Path file : filesBelow(folder)) {
      requireNone(file.toString(), Files.readAllBytes(file), passwords);
    }
    requireNone("database", dump(postgres), passwords);
  }

  private static void passwords(Map<String, byte[]> needles, String variable, String value) {
    if (variable.endsWith("PASSWORD")) {
      text(needles, variable, value);
      text(needles, variable + " for a URL", URLEncoder.encode(value, UTF_8));
      text(
          needles,
          variable + " in base 64",
          Base64.getEncoder().encodeToString(value.getBytes(UTF_8)));
      text(needles, variable + " in hex", HexFormat.of().formatHex(value.getBytes(UTF_8)));
    }
  }

  private static void requireNone(Program program, Map<String, byte[]> needles) {
    program.await();
    requireNone("output", (program.stdout() + program.stderr()).getBytes(UTF_8), needles);
  }

  private static void requireNone(String where, byte[] hay, Map<String, byte[]> needles) {
    String text = new String(hay, ISO_8859_1);
    needles.forEach(
        (name, needle) ->
            assertThat(text.contains(new String(needle, ISO_8859_1)))
                .as("%s in %s", name, where)
                .isFalse());
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** Every row of every table of ours. */
  private static byte[] dump(TestPostgres postgres) {
    var dump = new StringBuilder();
    try (Database database = postgres.open()) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      for (String table :
          jdbc.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
              .query(String.class)
              .list()) {
        jdbc.sql("SELECT CAST(t AS TEXT) FROM \"%s\" t".formatted(table))
            .query(String.class)
            .list()
            .forEach(dump::append);
      }
    }
    assertThat(dump).contains("probe", "SEALED", "COMPLETED");
    return dump.toString().getBytes(UTF_8);
  }

  @Test
  void theSearchFindsEachOfThem() {
    NEEDLES.forEach(
        (name, needle) ->
            assertThat(found(("before" + new String(needle, ISO_8859_1)).getBytes(ISO_8859_1)))
                .as(name)
                .isNotEmpty());
    assertThat(found("correct horse".getBytes(US_ASCII))).isEmpty();
  }
}
