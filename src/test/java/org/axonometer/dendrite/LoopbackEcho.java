package org.axonometer.dendrite;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.testing.ScriptedAxon;

/** Many axons on loopback that all answer after the same time. */
final class LoopbackEcho implements AutoCloseable {
  private final List<ScriptedAxon> axons = new ArrayList<>();

  private LoopbackEcho() {}

  static LoopbackEcho of(int count, Duration delay) throws IOException {
    LoopbackEcho echo = new LoopbackEcho();
    String answer = ScriptedAxon.success("{\"dummy_input\":1,\"dummy_output\":2}");
    for (int i = 0; i < count; i++) {
      echo.axons.add(
          ScriptedAxon.playing(
              connection -> {
                connection.readRequest();
                connection.pause(delay).send(answer);
              }));
    }
    return echo;
  }

  List<AxonEndpoint> endpoints() {
    return axons.stream().map(ScriptedAxon::endpoint).toList();
  }

  @Override
  public void close() {
    axons.forEach(ScriptedAxon::close);
  }
}
