package org.axonometer.history;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

/**
 * The living process that holds the database file, and how others reach it: a port on 127.0.0.1 and
 * a secret that stands in for the database's name. Kept in a file only its owner can read.
 */
record DatabaseOwner(ProcessIdentity process, int port, String secret) {

  static DatabaseOwner ofThisProcess(int port, String secret) {
    return new DatabaseOwner(ProcessIdentity.current(), port, secret);
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
              new ProcessIdentity(
                  properties.getProperty("host", ""),
                  Long.parseLong(properties.getProperty("pid", "")),
                  properties.getProperty("process", "")),
              Integer.parseInt(properties.getProperty("port", "")),
              properties.getProperty("secret", ""));
      return owner.process.living() ? Optional.of(owner) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      // A half-written or foreign file names no living owner; the file lock of the database
      // decides.
      return Optional.empty();
    }
  }

  void writeTo(Path file) throws IOException {
    var properties = new Properties();
    properties.setProperty("host", process.host());
    properties.setProperty("pid", Long.toString(process.pid()));
    properties.setProperty("process", process.life());
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

  @Override
  public String toString() {
    return process.toString();
  }
}
