package org.axonometer.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Puts an {@link InterposedDriver} into a program that is started with {@code -javaagent}, before
 * its first line. The program's jar and its class path are as an operator has them.
 */
public final class FaultAgent {

  private FaultAgent() {}

  /**
   * Called by Java.
   *
   * @param argument a plan, and after a {@code |} the name of a mistake
   */
  public static void premain(String argument, Instrumentation none) throws SQLException {
    FaultPlan plan = FaultPlan.parse(argument);
    String[] parts = argument.split("\\|", -1);
    plan.tellCallsAtTheEnd();
    InterposedDriver.install(parts.length < 6 ? plan : BrokenProgram.valueOf(parts[5]).over(plan));
  }

  /** Writes the agent's jar: this package's classes. */
  static Path jar(Path folder) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", FaultAgent.class.getName());
    Path jar = folder.resolve("agent.jar");
    String place = FaultAgent.class.getPackageName().replace('.', '/');
    Path classes;
    try {
      classes =
          Path.of(FaultAgent.class.getProtectionDomain().getCodeSource().getLocation().toURI())
              .resolve(place);
    } catch (java.net.URISyntaxException e) {
      throw new UncheckedIOException(new IOException(e));
    }
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out, manifest);
        DirectoryStream<Path> files = Files.newDirectoryStream(classes, "*.class")) {
      for (Path file : files) {
        entries.putNextEntry(new JarEntry(place + "/" + file.getFileName()));
        try (InputStream in = Files.newInputStream(file)) {
          in.transferTo(entries);
        }
      }
    }
    return jar;
  }
}
