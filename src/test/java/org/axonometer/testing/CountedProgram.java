package org.axonometer.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.axonometer.cli.Axonometer;

/**
 * The program's own main, with every socket counted. The count is written to the file of the first
 * argument when the process ends. With {@code connect <host:port>} it opens one channel and one
 * plain socket instead, which proves that both are counted.
 */
public final class CountedProgram {

  private CountedProgram() {}

  public static void main(String[] args) throws IOException {
    Path count = Path.of(args[0]);
    CountedSockets.countPlainSockets();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> write(count)));
    String[] rest = java.util.Arrays.copyOfRange(args, 1, args.length);
    if (rest[0].equals("connect")) {
      connect(URI.create("http://" + rest[1]));
    } else {
      Axonometer.main(rest);
    }
  }

  private static void connect(URI there) throws IOException {
    var address = new InetSocketAddress(there.getHost(), there.getPort());
    try (SocketChannel channel = SocketChannel.open(address)) {
      channel.finishConnect();
    }
    try (var socket = new java.net.Socket()) {
      socket.connect(address);
    } catch (IllegalStateException counted) {
      return;
    }
    throw new IllegalStateException("a plain socket was not counted");
  }

  private static void write(Path count) {
    try {
      Files.writeString(count, Integer.toString(CountedSockets.opened()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
