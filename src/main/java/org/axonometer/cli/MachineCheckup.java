package org.axonometer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonometer.dendrite.DescriptorLimit;
import org.axonometer.dendrite.HeapLimit;
import org.axonometer.jobs.JobDefinition;

/** Looks at what the machine gives: descriptors, disk, folders, the clock. */
record MachineCheckup(Checkup checkup, Path home, Path exports) {
  private static final long MEBIBYTE = 1_048_576;
  private static final long LITTLE_SPACE_MIB = 1_024;
  private static final long TOO_LITTLE_SPACE_MIB = 100;

  void lookAtDescriptors(List<JobDefinition> jobs) {
    Optional<Long> limit = DescriptorLimit.ofThisProcess().map(DescriptorLimit::descriptors);
    if (limit.isEmpty()) {
      checkup.warn("descriptors", "the limit cannot be read from /proc/self/limits");
      return;
    }
    int concurrency = jobs.stream().mapToInt(job -> job.asking().concurrency()).max().orElse(0);
    long need = DescriptorLimit.OF_OUR_OWN + DescriptorLimit.A_QUERY * concurrency;
    String detail =
        "limit %d, a round with %d queries in flight needs up to %d"
            .formatted(limit.get(), concurrency, need);
    if (limit.get() < DescriptorLimit.OF_OUR_OWN + concurrency) {
      checkup.configuration("descriptors", detail + "; raise it with ulimit -n");
    } else if (limit.get() < need) {
      checkup.warn("descriptors", detail + "; raise it with ulimit -n");
    } else {
      checkup.ok("descriptors", detail);
    }
  }

  /** By the heap this command was given, which is the one a round gets without other options. */
  void lookAtMemory(List<JobDefinition> jobs) {
    HeapLimit heap = HeapLimit.ofThisProcess();
    List<String> slower =
        jobs.stream()
            .filter(job -> job.asking().concurrency() > inFlight(heap, job))
            .map(job -> "%s asks %d at a time".formatted(job.name(), inFlight(heap, job)))
            .toList();
    String detail = "a heap of %d MiB".formatted(heap.mebibytes());
    if (slower.isEmpty()) {
      checkup.ok("memory", detail + " holds every answer in flight");
    } else {
      checkup.warn(
          "memory",
          "%s is too small for ask.concurrency times store.max-response: %s; give Java more with AXONOMETER_JAVA_OPTS"
              .formatted(detail, String.join(", ", slower)));
    }
  }

  private static int inFlight(HeapLimit heap, JobDefinition job) {
    return heap.mostInFlight(job.storing().maxResponseBytes());
  }

  void lookAtDisk() {
    Path there = nearestExisting(home);
    try {
      long free = Files.getFileStore(there).getUsableSpace() / MEBIBYTE;
      String detail = "%d MiB free for %s".formatted(free, home);
      if (free < TOO_LITTLE_SPACE_MIB) {
        checkup.configuration("disk", detail + "; a round may not be stored");
      } else if (free < LITTLE_SPACE_MIB) {
        checkup.warn("disk", detail);
      } else {
        checkup.ok("disk", detail);
      }
    } catch (IOException e) {
      checkup.configuration("disk", "%s cannot be looked at: %s".formatted(there, e.getMessage()));
    }
  }

  void lookAtExports() {
    Path there = nearestExisting(exports);
    try {
      Files.delete(Files.createTempFile(there, "doctor", ".tmp"));
      checkup.ok("exports", exports + " can be written");
    } catch (IOException e) {
      checkup.configuration("exports", there + " cannot be written: " + e.getMessage());
    }
  }

  /** Against the file system's clock. No time source on the network is asked. */
  void lookAtClock() {
    long beganNanos = System.nanoTime();
    Instant began = Instant.now();
    Path there = nearestExisting(home);
    try {
      Path file = Files.createTempFile(there, "doctor", ".tmp");
      Instant written = Files.getLastModifiedTime(file).toInstant();
      Files.delete(file);
      Duration apart = Duration.between(began, written).abs();
      Duration wall = Duration.between(began, Instant.now());
      Duration jumped = wall.minusNanos(System.nanoTime() - beganNanos).abs();
      if (apart.compareTo(Checkup.CLOCKS_AGREE) > 0) {
        checkup.warn(
            "clock",
            "the file system's clock is %s away from ours".formatted(DurationFlag.show(apart)));
      } else if (jumped.compareTo(Checkup.CLOCKS_AGREE) > 0) {
        checkup.warn("clock", "it jumped by %s just now".formatted(DurationFlag.show(jumped)));
      } else {
        checkup.ok(
            "clock",
            "%s, the file system agrees; whether it is right cannot be known without the network"
                .formatted(began.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)));
      }
    } catch (IOException e) {
      checkup.warn("clock", "%s cannot be written: %s".formatted(there, e.getMessage()));
    }
  }

  private static Path nearestExisting(Path path) {
    Path there = path.toAbsolutePath().normalize();
    while (!Files.isDirectory(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }
}
