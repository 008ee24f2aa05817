package org.axonometer.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * One process, told from every other that ever had its number.
 *
 * @param host the machine's name, for people
 * @param life boot, process namespace and start of the process; the start is counted from the boot,
 *     so that a clock that is set later does not change it
 */
record ProcessIdentity(String host, long pid, String life) {

  static ProcessIdentity current() {
    long pid = ProcessHandle.current().pid();
    return new ProcessIdentity(hostName(), pid, scope() + "/" + start(pid));
  }

  /**
   * Whether it is known to have ended: it ran where we run, and its number is free or another's.
   */
  boolean gone() {
    return sameScope() && !lives();
  }

  /** Whether it runs where we run. */
  boolean living() {
    return sameScope() && lives();
  }

  private boolean sameScope() {
    return life.startsWith(scope() + "/");
  }

  private boolean lives() {
    return life.equals(scope() + "/" + start(pid));
  }

  /** Where a process number means the same process. */
  private static String scope() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + "/"
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException e) {
      return hostName();
    }
  }

  /** When it started, in no unit of its own; "ended" for none and for one that nobody reaped. */
  private static String start(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name before is in parentheses and may hold any character.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields[0].equals("Z") || fields[0].equals("X") ? "ended" : fields[19];
    } catch (IOException e) {
      Optional<Instant> known =
          Files.exists(Path.of("/proc/self/stat"))
              ? Optional.empty()
              : ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
      return known.map(Instant::toString).orElse("ended");
    }
  }

  /** The kernel's own name of this machine; asking a name server would be a network call. */
  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }

  @Override
  public String toString() {
    return "process " + pid;
  }
}
