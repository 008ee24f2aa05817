package org.axonometer.testing;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The folder with recorded chain data and wire vectors, given by the build; tests that need it skip
 * without it.
 */
public final class SharedFolder {

  private SharedFolder() {}

  /** A file in that folder; the test is skipped, saying why, when the folder was not given. */
  public static Path file(String name) {
    String folder = System.getProperty("axonometer.shared", "");
    Assumptions.assumeTrue(
        !folder.isBlank(), "skipped: needs -Daxonometer.shared=<folder with " + name + ">");
    return Path.of(folder).resolve(name);
  }
}
