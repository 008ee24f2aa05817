package org.axonometer.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Wall and processor time of this process since it was made. */
public final class Figures {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final long beganNanos = System.nanoTime();
  private final long beganCpuNanos = SYSTEM.getProcessCpuTime();

  /** What is asked for last is outside the measure. */
  public interface More {
    Map<String, ?> get() throws IOException;
  }

  /**
   * Prints them, the peak of resident memory so far and what else there is, as one line of JSON.
   */
  public void print(More more) throws IOException {
    double seconds = (System.nanoTime() - beganNanos) / 1e9;
    double cpuSeconds = (SYSTEM.getProcessCpuTime() - beganCpuNanos) / 1e9;
    Map<String, Object> line = new java.util.LinkedHashMap<>(more.get());
    line.put("seconds", seconds);
    line.put("cpu_seconds", cpuSeconds);
    line.put("peak_mb", peakMegabytes());
    System.out.println(JsonMapper.shared().writeValueAsString(line));
  }

  private static long peakMegabytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmHWM"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
