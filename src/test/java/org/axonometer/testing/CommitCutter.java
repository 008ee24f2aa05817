package org.axonometer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands between a program and PostgreSQL and cuts one connection at one commit: of the first
 * transaction that executed a certain statement, before the server hears of it, or once the server
 * has done it and before the program hears so.
 */
public final class CommitCutter implements AutoCloseable {
  private static final int PROTOCOL_3 = 196_608;

  private final ServerSocket listening = listen();
  private final int serverPort;
  private final String statement;
  private final boolean afterwards;
  private final AtomicBoolean done = new AtomicBoolean();

  /**
   * @param statement what the transaction executed, as a part of its text
   * @param afterwards whether the server has committed
   */
  public CommitCutter(int serverPort, String statement, boolean afterwards) {
    this.serverPort = serverPort;
    this.statement = statement;
    this.afterwards = afterwards;
    Thread.ofVirtual().start(this::accept);
  }

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Whether it has cut its connection. */
  public boolean hasCut() {
    return done.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket program = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        var pair = new Pair(program, server);
        Thread.ofVirtual().start(() -> pair.run(pair::upstream));
        Thread.ofVirtual().start(() -> pair.run(pair::downstream));
      } catch (IOException closed) {
        // The test is over, or the next connection will say more.
      }
    }
  }

  private interface Pump {
    void pump() throws IOException;
  }

  private final class Pair {
    private final Socket program;
    private final Socket server;
    private final Map<String, String> prepared = new HashMap<>();
    private volatile boolean swallow;
    private boolean marked;
    private String bound = "";

    Pair(Socket program, Socket server) {
      this.program = program;
      this.server = server;
    }

    void run(Pump pump) {
      try (program;
          server) {
        pump.pump();
      } catch (IOException gone) {
        // One side has ended; closing tells the other.
      }
    }

    /** The server's words, until they are to be kept from the program. */
    void downstream() throws IOException {
      byte[] buffer = new byte[16_384];
      for (int read = server.getInputStream().read(buffer);
          read >= 0 && !swallow;
          read = server.getInputStream().read(buffer)) {
        program.getOutputStream().write(buffer, 0, read);
      }
    }

    void upstream() throws IOException {
      var in = new DataInputStream(program.getInputStream());
      var out = new DataOutputStream(server.getOutputStream());
      int protocol = 0;
      while (protocol != PROTOCOL_3) {
        byte[] opening = in.readNBytes(in.readInt() - 4);
        protocol = ByteBuffer.wrap(opening).getInt();
        out.writeInt(opening.length + 4);
        out.write(opening);
        out.flush();
      }
      while (true) {
        int type = in.readUnsignedByte();
        byte[] body = in.readNBytes(in.readInt() - 4);
        boolean cut = isTheCommit(type, body) && done.compareAndSet(false, true);
        if (cut && !afterwards) {
          return;
        }
        swallow |= cut;
        ByteBuffer message = ByteBuffer.allocate(body.length + 5);
        out.write(message.put((byte) type).putInt(body.length + 4).put(body).array());
        if (in.available() == 0) {
          out.flush();
        }
      }
    }

    private boolean isTheCommit(int type, byte[] body) {
      String text = new String(body, UTF_8);
      switch (type) {
        case 'P' -> {
          String[] nameAndQuery = text.split("\0", 3);
          prepared.put(nameAndQuery[0], nameAndQuery[1]);
        }
        case 'B' -> bound = prepared.getOrDefault(text.split("\0", 3)[1], "");
        case 'E' -> {
          if (bound.equals("COMMIT")) {
            boolean found = marked;
            marked = false;
            return found;
          }
          marked |= bound.contains(statement);
        }
        default -> {
          // Nothing of a statement.
        }
      }
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
