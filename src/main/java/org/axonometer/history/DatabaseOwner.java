package org.axonometer.history;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;

/**
 * The living process that holds the database file, and how others reach it: a port on 127.0.0.1 and
 * a secret that stands in for the database's name. Kept in a file only its owner can read.
 */
record DatabaseOwner(long pid, Instant startedAt, int port, String secret) {

  static DatabaseOwner ofThisProcess(int port, String secret) {
    ProcessHandle self = ProcessHandle.current();
    return new DatabaseOwner(self.pid(), startOf(self), port, secret);
  }

  /** Where others connect. */
  String url() {
    return "jdbc:h2:tcp://127.0.0.1:" + port + "/" + secret;
  }

  /** The owner named in the file, if that very process still lives. */
  static Optional<DatabaseOwner> living(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      var properties = new Properties();
      properties.load(new StringReader(Files.readString(file)));
      var owner =
          new DatabaseOwner(
              Long.parseLong(properties.getProperty("pid", "")),
              Instant.parse(properties.getProperty("started", "")),
              Integer.parseInt(properties.getProperty("port", "")),
              properties.getProperty("secret", ""));
      boolean alive =
          ProcessHandle.of(owner.pid)
              .map(process -> startOf(process).equals(owner.startedAt))
              .orElse(false);
      return alive ? Optional.of(owner) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      // A half-written or foreign file names no living owner; the file lock of the database
      // decides.
      return Optional.empty();
    }
  }

  void writeTo(Path file) throws IOException {
    var properties = new Properties();
    properties.setProperty("pid", Long.toString(pid));
    properties.setProperty("started", startedAt.toString());
    properties.setProperty("port", Integer.toString(port));
    properties.setProperty("secret", secret);
    var text = new StringWriter();
    properties.store(text, null);
    Path fresh =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            "owner",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text.toString());
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }

  @Override
  public String toString() {
    return "process " + pid;
  }
}
