package org.axonometer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Maven start script against a loopback repository and a Maven that only says its arguments.
 */
class MvnwIT {

  private static final String VERSION = "3.9.11";
  private static final String ARCHIVE =
      "/org/apache/maven/apache-maven/" + VERSION + "/apache-maven-" + VERSION + "-bin.tar.gz";

  @TempDir Path folder;

  private final AtomicInteger fetches = new AtomicInteger();
  private HttpServer repository;
  private byte[] archive;

  private record Ended(int exitCode, String output) {}

  @BeforeEach
  void serveAMaven() throws Exception {
    Path mavenHome = Files.createDirectories(folder.resolve("pack/apache-maven-" + VERSION));
    writeProgram(mavenHome.resolve("bin/mvn"), "echo fetched-maven \"$@\" on \"$JAVA_HOME\"");
    Path file = folder.resolve("maven.tar.gz");
    Ended packed =
        run(
            List.of("tar", "-czf", file.toString(), "-C", mavenHome.getParent().toString(), "."),
            Map.of());
    assertThat(packed.exitCode()).as(packed.output()).isZero();
    archive = Files.readAllBytes(file);

    repository = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    repository.createContext(
        ARCHIVE,
        exchange -> {
          fetches.incrementAndGet();
          try (exchange) {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive);
          }
        });
    repository.start();
  }

  @AfterEach
  void stopServing() {
    repository.stop(0);
  }

  @Test
  void fetchesThePinnedMavenOnceAndRunsIt() throws Exception {
    Path mvnw = mvnwThatPins(sha512(archive));

    Ended first = run(mvnw, Map.of(), "verify", "-Dtext=two words");
    Ended second = run(mvnw, Map.of(), "compile");

    assertThat(first.output()).contains("fetched-maven verify -Dtext=two words on " + jdk());
    assertThat(first.exitCode()).isZero();
    assertThat(second.output()).isEqualTo("fetched-maven compile on " + jdk() + "\n");
    assertThat(fetches).hasValue(1);
  }

  @Test
  void refusesAnArchiveWithAnotherHashAndKeepsNothingOfIt() throws Exception {
    String pinned = "0".repeat(128);

    Ended ended = run(mvnwThatPins(pinned), Map.of(), "verify");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output()).contains(pinned, sha512(archive)).doesNotContain("fetched-maven");
    assertThat(filesBelow(folder.resolve("m2"))).isEmpty();
  }

  @Test
  void saysWhatToInstallWhenTheRepositoryDoesNotHaveMaven() throws Exception {
    repository.removeContext(ARCHIVE);

    Ended ended = run(mvnwThatPins(sha512(archive)), Map.of(), "verify");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output())
        .contains("mvnw: cannot fetch " + url(), "install Maven 3.8 or newer");
    assertThat(filesBelow(folder.resolve("m2"))).isEmpty();
  }

  @Test
  void refusesAnArchiveThatHoldsNoMaven() throws Exception {
    archive = Files.readAllBytes(writeProgram(folder.resolve("page.html"), "not an archive"));

    Ended ended = run(mvnwThatPins(sha512(archive)), Map.of(), "verify");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output()).contains("mvnw: cannot unpack " + url());
    assertThat(filesBelow(folder.resolve("m2"))).isEmpty();
  }

  @Test
  void saysThatAJdk25IsMissing() throws Exception {
    Path older = folder.resolve("older-jdk");
    writeProgram(older.resolve("bin/java"), "exit 1");
    writeProgram(older.resolve("bin/javac"), "exit 1");
    Files.writeString(older.resolve("release"), "JAVA_VERSION=\"17.0.12\"\n");
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME", older.toString(),
            "PATH", older.resolve("bin") + ":" + System.getenv("PATH"),
            "AXONOMETER_JDK_DIRS", folder.toString());

    Ended ended = run(mvnwThatPins(sha512(archive)), environment, "verify");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output())
        .startsWith("mvnw: no JDK 25 in JAVA_HOME, on PATH or in the usual folders\n");
    assertThat(fetches).hasValue(0);
  }

  @Test
  void findsAJdk25InASearchedFolder() throws Exception {
    Path jdk = folder.resolve("jdks/temurin");
    writeProgram(jdk.resolve("bin/java"), "exit 1");
    writeProgram(jdk.resolve("bin/javac"), "exit 1");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n");
    Path older = folder.resolve("older-jdk");
    writeProgram(older.resolve("bin/java"), "exit 1");
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME", older.toString(),
            "PATH", older.resolve("bin") + ":" + System.getenv("PATH"),
            "AXONOMETER_JDK_DIRS", "/nowhere:" + jdk.getParent());

    Ended ended = run(mvnwThatPins(sha512(archive)), environment, "verify");

    assertThat(ended.output()).endsWith("fetched-maven verify on " + jdk + "\n");
  }

  /** A copy of the start script, with only the pinned hash replaced. */
  private Path mvnwThatPins(String sha512) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    Path copy = folder.resolve("project/mvnw");
    Files.createDirectories(copy.resolveSibling("scripts"));
    Files.copy(root.resolve("scripts/find-jdk.sh"), copy.resolveSibling("scripts/find-jdk.sh"));
    String script = Files.readString(root.resolve("mvnw"));
    String pinned = script.replaceFirst("(?m)^sha512=[0-9a-f]{128}$", "sha512=" + sha512);
    assertThat(pinned).contains("\nversion=" + VERSION + "\nsha512=" + sha512 + "\n");
    return makeExecutable(Files.writeString(copy, pinned));
  }

  private Ended run(Path mvnw, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(mvnw.toString()));
    command.addAll(List.of(arguments));
    return run(command, environment);
  }

  private Ended run(List<String> command, Map<String, String> environment) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", jdk());
    builder.environment().put("MVNW_IGNORE_INSTALLED", "1");
    builder.environment().put("MAVEN_USER_HOME", folder.resolve("m2").toString());
    if (repository != null) {
      builder.environment().put("MVNW_REPOURL", repositoryUrl());
    }
    builder.environment().put("no_proxy", "127.0.0.1");
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private String repositoryUrl() {
    return "http://127.0.0.1:" + repository.getAddress().getPort();
  }

  private String url() {
    return repositoryUrl() + ARCHIVE;
  }

  private static String jdk() {
    return System.getProperty("java.home");
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).toList();
    }
  }

  private static Path writeProgram(Path file, String line) throws IOException {
    Files.createDirectories(file.getParent());
    return makeExecutable(Files.writeString(file, "#!/bin/sh\n" + line + "\n"));
  }

  private static Path makeExecutable(Path file) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String sha512(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
  }
}
