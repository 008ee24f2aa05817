package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Hotkeys from a phrase and encrypted ones, with the real jar. */
@Execution(ExecutionMode.CONCURRENT)
class WalletCommandIT {
  private static final String PHRASE =
      "old leopard transfer rib spatial phone calm indicate online fire caution review";
  private static final String SEED =
      "da3cf5b1e9144931a0f0db65664aab662673b099415a7f8121b7245fb0be4143";
  private static final String ADDRESS = "5HDvhV6WDCjCKyrXqGQSDYqQAzkzabNhctmiDYEqgBC66BsX";

  /** Of the recorded vault. */
  private static final String PASSWORD = "correct horse ö";

  private static final String VAULT_SEED = "aa23a02ab359ee57";
  private static final String VAULT_ADDRESS = "5Fq2t9BiuPURkTUpFYdkW5ucryBMk8hAR8PUCinksTs82QpQ";

  @TempDir private Path folder;

  @Test
  void importsAPhraseFromStandardInputThatSignsThen() throws IOException {
    Program imported = wallet("import", "-H", "mine");
    try (OutputStream in = imported.process().getOutputStream()) {
      in.write((PHRASE + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(imported.await()).as(imported.stderr()).isZero();
    assertThat(imported.stdout()).contains(ADDRESS).doesNotContain("leopard", SEED);

    Program check = wallet("check", "-H", "mine");
    assertThat(check.await()).as(check.stderr()).isZero();
    assertThat(check.stdout()).contains(ADDRESS, "encryption none", "rw-------");
    assertThat(wallets().resolve("default/hotkeys/minepub.txt")).content().contains(ADDRESS);

    Program again = wallet("import", "-H", "mine");
    try (OutputStream in = again.process().getOutputStream()) {
      in.write(SEED.getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(again.await()).isEqualTo(5);
    assertThat(again.stderr()).contains("exists already and is never overwritten");
  }

  @Test
  void refusesAPasswordOnTheCommandLineWithoutRepeatingIt() throws IOException {
    putVault();
    for (List<String> given :
        List.of(List.of("--wallet.password=" + PASSWORD), List.of("--password", PASSWORD))) {
      List<String> all = new ArrayList<>(List.of("check", "-H", "vault"));
      all.addAll(given);
      Program refused = wallet(all.toArray(String[]::new));
      assertThat(refused.await()).isEqualTo(1);
      assertThat(refused.stderr()).contains("a password on the command line").hasLineCount(1);
      assertThat(refused.stderr() + refused.stdout()).doesNotContain(PASSWORD);
    }
  }

  @Test
  void endsWithFiveAfterOneLineForAWrongPasswordAndForNone() throws IOException {
    putVault();
    Path wrong = privateFile("wrong", "thisisnotit");
    Program refused = wallet("check", "-H", "vault", "--wallet.password-file", wrong.toString());
    assertThat(refused.await()).isEqualTo(5);
    assertThat(refused.stderr())
        .contains("is encrypted ($ANSIBLE_VAULT) and the password does not open it")
        .hasLineCount(1)
        .doesNotContain("thisisnotit");
    Program none = wallet("check", "-H", "vault");
    assertThat(none.await()).isEqualTo(5);
    assertThat(none.stderr()).contains("there is no password").hasLineCount(1);
  }

  @Test
  void runsARoundWithAnEncryptedHotkeyAndLeavesNoTraceOfItsSecrets() throws IOException {
    try (Program _ = Program.park(folder, "--count", "4", "--profile", "honest")) {
      putVault();
      new TestRounds(folder).job("probe", "timeout: 5s");
      String password = privateFile("password", PASSWORD + "\n").toString();
      String home = folder.resolve("home").toString();
      String[] flags = {"--home", home, "-H", "vault", "--wallet.password-file", password};

      Program doctor = axonometer("doctor", "probe", "--home", home, "-H", "vault");
      doctor.await();
      assertThat(doctor.stdout())
          .contains("is encrypted ($ANSIBLE_VAULT) and there is no password");
      Program plan = axonometer(with(flags, "plan", "probe"));
      assertThat(plan.await()).as(plan.stderr()).isZero();
      Program refused = axonometer("run", "probe", "--home", home, "-H", "vault");
      assertThat(refused.await()).isEqualTo(5);
      assertThat(Path.of(home)).as("refused before a round is opened").doesNotExist();
      Program run = axonometer(with(flags, "run", "probe"));
      assertThat(run.await()).as(run.stderr()).isZero();

      for (Program each : List.of(doctor, plan, refused, run)) {
        assertThat(each.stdout() + each.stderr()).doesNotContain(PASSWORD, VAULT_SEED);
      }
      try (Stream<Path> files = Files.walk(Path.of(home))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain("correct horse", VAULT_SEED);
        }
      }
    }
  }

  @Test
  void asksForThePasswordOnATerminalWithoutShowingIt() throws Exception {
    Path script = Path.of("/usr/bin/script");
    assumeThat(script).exists();
    putVault();
    String command =
        "%s -jar %s wallet check -H vault --wallet.path %s"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("axonometer.jar"),
                wallets());
    Path shown = folder.resolve("shown.txt");
    Process terminal =
        new ProcessBuilder(script.toString(), "-qec", command, "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(shown.toFile())
            .start();
    try (OutputStream in = terminal.getOutputStream()) {
      while (!Files.readString(shown).contains("Password of ")) {
        assertThat(terminal.isAlive()).as(Files.readString(shown)).isTrue();
        LockSupport.parkNanos(50_000_000);
      }
      in.write((PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      assertThat(terminal.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      terminal.destroyForcibly();
    }
    assertThat(Files.readString(shown)).contains(VAULT_ADDRESS).doesNotContain("correct horse");
    assertThat(terminal.exitValue()).isZero();
  }

  private Path wallets() {
    return folder.resolve("wallets");
  }

  private Program wallet(String... arguments) {
    return axonometer(
        with(new String[] {"--wallet.path", wallets().toString()}, with(arguments, "wallet")));
  }

  private Program axonometer(String... arguments) {
    return Program.start(folder, arguments);
  }

  private static String[] with(String[] last, String... first) {
    return Stream.concat(Stream.of(first), Stream.of(last)).toArray(String[]::new);
  }

  private void putVault() throws IOException {
    Path hotkeys = wallets().resolve("default/hotkeys");
    Files.createDirectories(
        hotkeys,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (InputStream vault =
        WalletCommandIT.class.getResourceAsStream("/vectors/wallet/hotkey.vault")) {
      Path file = hotkeys.resolve("vault");
      Files.write(file, Optional.ofNullable(vault).orElseThrow().readAllBytes());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private Path privateFile(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
