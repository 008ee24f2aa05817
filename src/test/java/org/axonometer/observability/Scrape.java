package org.axonometer.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.axonometer.testing.Program;

/** One answer of a running serve's monitor port. */
record Scrape(int status, String body) {
  private static final Pattern PORT = Pattern.compile("metrics and health on http://\\S+:(\\d+)");

  /** The port a serve with {@code --metrics-port 0} said it took; empty until it has. */
  static Optional<Integer> port(Program serve) {
    Matcher said = PORT.matcher(serve.stderr());
    return said.find() ? Optional.of(Integer.valueOf(said.group(1))) : Optional.empty();
  }

  static Scrape of(int port, String path) {
    return asking(port, "GET " + path, "Host: 127.0.0.1:" + port);
  }

  /**
   * @param start method and path
   * @param headers each with its name
   */
  static Scrape asking(int port, String start, String... headers) {
    String request =
        start + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      return new Scrape(
          Integer.parseInt(answer.substring(9, 12)), answer.substring(end + 4).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each series with its value, such as {@code axonometer_healthy} or {@code a_total{job="x"}}. */
  Map<String, Double> series() {
    Map<String, Double> series = new LinkedHashMap<>();
    body.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int blank = line.lastIndexOf(' ');
              series.put(line.substring(0, blank), Double.valueOf(line.substring(blank + 1)));
            });
    return series;
  }

  /** Names without their labels. */
  Set<String> names() {
    return series().keySet().stream()
        .map(name -> name.replaceAll("\\{.*", ""))
        .collect(Collectors.toSet());
  }

  /** Metrics as their TYPE lines name them. */
  Set<String> families() {
    return body.lines()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.split(" ", -1)[2])
        .collect(Collectors.toSet());
  }

  /** The sum over the series of that name that have all these labels. */
  double sum(String name, String... labels) {
    return series().entrySet().stream()
        .filter(entry -> entry.getKey().replaceAll("\\{.*", "").equals(name))
        .filter(entry -> Set.of(labels).stream().allMatch(entry.getKey()::contains))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
