package org.axonometer.dendrite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.axonometer.dendrite.HostileAxon.holding;
import static org.axonometer.dendrite.HostileAxon.nobody;
import static org.axonometer.dendrite.HostileAxon.opening;
import static org.axonometer.dendrite.HostileAxon.playing;
import static org.axonometer.dendrite.HostileAxon.sending;
import static org.axonometer.dendrite.Outcome.AXON_ERROR;
import static org.axonometer.dendrite.Outcome.BAD_BODY;
import static org.axonometer.dendrite.Outcome.BAD_PROTOCOL;
import static org.axonometer.dendrite.Outcome.DISCONNECTED;
import static org.axonometer.dendrite.Outcome.OK;
import static org.axonometer.dendrite.Outcome.REFUSED;
import static org.axonometer.dendrite.Outcome.TIMED_OUT;
import static org.axonometer.dendrite.Outcome.TOO_LARGE;
import static org.axonometer.dendrite.Outcome.UNREACHABLE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.testing.ScriptedAxon;

/** The part of the catalogue that breaks HTTP or TCP: H01 to H28. */
final class HostileTransport {
  private static final String JSON = "{\"completion\":\"x\"}";
  private static final String HEAD = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = HEAD + "transfer-encoding: chunked\r\n\r\n";

  /** A whole chunked answer up to its trailers. */
  private static final String WHOLE =
      HEAD
          + "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n12\r\n"
          + JSON
          + "\r\n0\r\n";

  private static final String KIBIBYTES = "x".repeat(8_192);

  private HostileTransport() {}

  static List<HostileAxon> all() {
    List<HostileAxon> all = new ArrayList<>();
    bodies(all);
    lengths(all);
    chunks(all);
    slow(all);
    headers(all);
    interim(all);
    notHttp(all);
    encodings(all);
    elsewhere(all);
    connections(all);
    return all;
  }

  private static HostileAxon endless(
      String id, String behaviour, String head, String again, Outcome... ends) {
    return playing(
        id,
        behaviour,
        connection -> {
          connection.readRequest();
          connection.send(head);
          while (true) {
            connection.send(again);
          }
        },
        ends);
  }

  private static void bodies(List<HostileAxon> all) {
    all.add(
        endless("H01", "endless body without Content-Length", HEAD + "\r\n", KIBIBYTES, TOO_LARGE));
    all.add(
        endless(
            "H02", "endless chunked body", CHUNKED, "2000\r\n" + KIBIBYTES + "\r\n", TOO_LARGE));
    all.add(
        holding(
            "H03",
            "Content-Length 2147483647, five bytes, silence",
            HEAD + "content-length: 2147483647\r\n\r\nhello",
            TIMED_OUT));
  }

  private static void lengths(List<HostileAxon> all) {
    for (String length :
        List.of("9223372036854775807", "99999999999999999999", "-5", "+5", "0x5", "5, 5", "5 5")) {
      all.add(
          sending(
              "H04",
              "Content-Length \"" + length + "\"",
              HEAD + "content-length: " + length + "\r\n\r\nhello",
              BAD_PROTOCOL));
    }
    // White space around a value is no part of it.
    all.add(
        sending(
            "H04",
            "Content-Length \" 18\"",
            ScriptedAxon.success(JSON).replace("content-length: ", "content-length:   "),
            OK));
    all.add(
        sending(
            "H05",
            "two different Content-Length",
            HEAD + "content-length: 5\r\ncontent-length: 6\r\n\r\nhello",
            BAD_PROTOCOL));
    all.add(
        sending(
            "H06",
            "Content-Length and Transfer-Encoding",
            HEAD + "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            BAD_PROTOCOL));
    all.add(
        sending(
            "H07",
            "Content-Length too long, then the end",
            HEAD + "content-length: 100\r\n\r\nhello",
            DISCONNECTED));
    all.add(
        sending(
            "H07", "Content-Length too short, bytes behind", ScriptedAxon.success(JSON) + "x", OK));
  }

  private static void chunks(List<HostileAxon> all) {
    for (String size : List.of("ZZ", "-5", "F".repeat(16), "80000000")) {
      all.add(sending("H08", "chunk size " + size, CHUNKED + size + "\r\nhello\r\n", BAD_PROTOCOL));
    }
    all.add(
        sending(
            "H08",
            "chunk size with an extension of 2 MB",
            CHUNKED + "5;" + "x".repeat(2_000_000) + "\r\nhello\r\n0\r\n\r\n",
            BAD_PROTOCOL,
            DISCONNECTED));
    all.add(
        sending("H08", "no last chunk, then the end", CHUNKED + "5\r\nhello\r\n", DISCONNECTED));
    all.add(holding("H08", "no last chunk, then silence", CHUNKED + "5\r\nhello\r\n", TIMED_OUT));
    all.add(endless("H09", "endless trailers", WHOLE, "x-trailer: 1\r\n".repeat(500), OK));
    all.add(
        sending(
            "H09", "100,000 trailers", WHOLE + "x-trailer: 1\r\n".repeat(100_000) + "\r\n", OK));
  }

  private static void slow(List<HostileAxon> all) {
    all.add(
        playing(
            "H10",
            "status line, a byte every 40 ms",
            connection -> {
              connection.readRequest();
              connection.drip(ScriptedAxon.success(JSON), ofMillis(40));
            },
            TIMED_OUT));
    all.add(
        playing(
            "H11",
            "a header every 50 ms",
            connection -> {
              connection.readRequest();
              connection.send(HEAD);
              for (int i = 0; i < 10_000; i++) {
                connection.send("x-" + i + ": 1\r\n").pause(ofMillis(50));
              }
            },
            TIMED_OUT));
    all.add(
        playing(
            "H12",
            "body, a byte every 50 ms",
            connection -> {
              connection.readRequest();
              connection
                  .send(HEAD + "content-length: 5000\r\n\r\n")
                  .drip("{".repeat(5_000), ofMillis(50));
            },
            TIMED_OUT));
    all.add(holding("H13", "takes the question and never answers", "", TIMED_OUT));
    all.add(
        playing(
                "H13",
                "never reads a question of 5 MB",
                connection -> connection.pause(ofSeconds(60)),
                TIMED_OUT)
            .asked(5_000_000));
  }

  private static void headers(List<HostileAxon> all) {
    all.add(
        sending("H14", "100,000 headers", HEAD + "x: y\r\n".repeat(100_000) + "\r\n", TOO_LARGE));
    all.add(
        sending(
            "H14",
            "a header of 10 MB",
            HEAD + "x: " + "y".repeat(10_000_000) + "\r\n\r\n",
            TOO_LARGE));
    all.add(
        sending(
            "H14",
            "a reason phrase of 10 MB",
            "HTTP/1.1 200 " + "y".repeat(10_000_000) + "\r\n\r\n",
            TOO_LARGE));
    for (String control : List.of("\u0000", "\u001b[2J", "\u0001", "\u007f")) {
      all.add(
          sending(
              "H18",
              "U+%04X in a header".formatted((int) control.charAt(0)),
              ScriptedAxon.success(JSON).replace("Success", "a" + control + "b"),
              BAD_PROTOCOL));
    }
    all.add(
        sending(
            "H18",
            "bare CR in a header",
            ScriptedAxon.success(JSON).replace("Success", "a\rb"),
            OK));
    all.add(
        sending(
            "H18",
            "a header over two lines",
            ScriptedAxon.success(JSON).replace("Success", "a\r\n b"),
            OK));
    all.add(
        sending(
            "H18",
            "bare LF as line ends",
            ScriptedAxon.success(JSON).replace("\r\n", "\n"),
            OK,
            BAD_PROTOCOL));
    all.add(
        sending(
            "H18",
            "UTF-8 in a header, bidirectional override",
            ScriptedAxon.success(JSON).replace("Success", "\u202egpj.exe\u202c é"),
            OK));
    all.add(
        sending(
            "H18",
            "the same header fifty times",
            ScriptedAxon.success(JSON)
                .replace("\r\n\r\n", "\r\n" + "x-same: 1\r\n".repeat(50) + "\r\n"),
            OK));
  }

  private static void interim(List<HostileAxon> all) {
    for (String status : List.of("100 Continue", "103 Early Hints")) {
      all.add(
          endless(
              "H15",
              "endless interim answers " + status.substring(0, 3),
              "",
              "HTTP/1.1 " + status + "\r\n\r\n",
              BAD_PROTOCOL));
    }
    all.add(
        playing(
            "H15",
            "an interim answer every 100 ms",
            connection -> {
              connection.readRequest();
              while (true) {
                connection.send("HTTP/1.1 103 Early Hints\r\n\r\n").pause(ofMillis(100));
              }
            },
            TIMED_OUT,
            BAD_PROTOCOL));
  }

  private static void notHttp(List<HostileAxon> all) {
    for (String answer :
        List.of(
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "HTTP/2.0 200 OK\r\n\r\n",
            "<html>HTTP/0.9</html>",
            "HTTP/1.1 -20 OK\r\n\r\n")) {
      all.add(sending("H16", quoted(answer), answer, BAD_PROTOCOL));
    }
    all.add(sending("H16", "status 999", ScriptedAxon.http(999, JSON), AXON_ERROR));
    byte[] noise = new byte[4_096];
    new Random(17).nextBytes(noise);
    all.add(sending("H17", "SSH banner", "SSH-2.0-OpenSSH_9.2\r\n", BAD_PROTOCOL));
    all.add(
        sending("H17", "TLS handshake", new byte[] {22, 3, 1, 0, 5, 1, 0, 0, 1, 0}, BAD_PROTOCOL));
    all.add(sending("H17", "Redis error", "-ERR unknown command\r\n", BAD_PROTOCOL));
    all.add(sending("H17", "random bytes", noise, BAD_PROTOCOL));
    all.add(sending("H17", "NUL bytes", new byte[4_096], BAD_PROTOCOL));
  }

  private static void encodings(List<HostileAxon> all) {
    byte[] bomb = packed(new byte[50_000_000]);
    byte[] nested = bomb;
    for (int i = 0; i < 10; i++) {
      nested = packed(nested);
    }
    all.add(encoded("gzip bomb, 50 MB of zeros", "gzip", bomb));
    all.add(encoded("gzip in gzip, ten times", "gzip", nested));
    all.add(encoded("br", "br", noise(1_000)));
    all.add(encoded("gzip on plain text", "gzip", JSON.getBytes(UTF_8)));
    all.add(encoded("deflate with a dictionary", "deflate", new byte[] {0x78, (byte) 0xbb, 1, 2}));
  }

  private static HostileAxon encoded(String behaviour, String coding, byte[] body) {
    var answer = new ByteArrayOutputStream();
    answer.writeBytes(
        (HEAD
                + "content-type: application/json\r\ncontent-encoding: "
                + coding
                + "\r\ncontent-length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(US_ASCII));
    answer.writeBytes(body);
    return sending("H19", behaviour, answer.toByteArray(), BAD_PROTOCOL);
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(19).nextBytes(noise);
    return noise;
  }

  private static byte[] packed(byte[] bytes) {
    var packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static void elsewhere(List<HostileAxon> all) {
    for (int status : List.of(301, 302, 303, 307, 308)) {
      all.add(
          opening(
              "H20",
              status + " to another listener on this machine",
              canary -> answering(ScriptedAxon.http(status, "", "location: http://" + canary)),
              AXON_ERROR));
    }
    for (String place :
        List.of("http://169.254.169.254/latest/", "file:///etc/passwd", "/Prompt", "gopher://x/")) {
      all.add(
          opening(
              "H20",
              "302 to " + place,
              _ -> answering(ScriptedAxon.http(302, "", "location: " + place)),
              AXON_ERROR));
    }
    for (String challenge : List.of("Basic realm=x", "NTLM", "Negotiate")) {
      all.add(
          sending(
              "H21",
              "401 " + challenge,
              ScriptedAxon.http(401, "", "www-authenticate: " + challenge),
              REFUSED));
      all.add(
          sending(
              "H21",
              "407 " + challenge,
              ScriptedAxon.http(407, "", "proxy-authenticate: " + challenge),
              AXON_ERROR));
    }
    all.add(
        opening(
            "H22",
            "Set-Cookie, HSTS, Alt-Svc, Link, Refresh",
            canary ->
                answering(
                    ScriptedAxon.success(JSON)
                        .replace(
                            "\r\n\r\n",
                            """
                            \r
                            set-cookie: a=b; path=/\r
                            strict-transport-security: max-age=31536000\r
                            alt-svc: h2="%1$s"\r
                            link: <http://%1$s/>; rel=preload\r
                            refresh: 0; url=http://%1$s/\r
                            \r
                            """
                                .formatted(canary))),
            OK));
  }

  private static HostileAxon.Peer answering(String answer) {
    return HostileAxon.scripted(
        connection -> {
          connection.readRequest();
          connection.send(answer).close();
        });
  }

  private static void connections(List<HostileAxon> all) {
    for (String begin : List.of("", HEAD + "x: y", HEAD + "content-length: 9\r\n\r\nhe")) {
      String where =
          begin.isEmpty() ? "before headers" : begin.contains("9") ? "in the body" : "in headers";
      all.add(
          playing(
              "H23",
              "reset " + where,
              connection -> {
                connection.readRequest();
                connection.send(begin).pause(ofMillis(30)).reset();
              },
              DISCONNECTED));
      all.add(sending("H23", "end " + where, begin, DISCONNECTED));
    }
    all.add(
        opening("H24", "takes the connection and is gone", _ -> HostileAxon.vanished(), TIMED_OUT));
    all.add(opening("H25", "a closed port", _ -> HostileAxon.closedPort(), UNREACHABLE));
    for (int port : List.of(1, 65_535)) {
      all.add(
          opening(
              "H25",
              "port " + port,
              _ -> nobody(new AxonEndpoint(InetAddress.ofLiteral("127.0.0.1"), port)),
              UNREACHABLE));
    }
    all.add(opening("H25", "drops every SYN", _ -> HostileAxon.blackHole(), TIMED_OUT));
    all.add(
        playing(
            "H26",
            "slow in every stage at once",
            connection -> {
              connection.pause(ofMillis(100)).readRequest();
              connection.pause(ofMillis(100)).send(HEAD).pause(ofMillis(100));
              connection.send("content-length: 5000\r\n\r\n").drip("{".repeat(5_000), ofMillis(50));
            },
            TIMED_OUT));
    all.add(
        sending(
            "H27",
            "a second answer sent ahead",
            ScriptedAxon.success(JSON) + ScriptedAxon.success(JSON),
            OK));
    all.add(
        playing(
            "H27",
            "answers before it has read the question",
            connection -> {
              connection.send(ScriptedAxon.success(JSON));
              connection.readRequest();
            },
            OK,
            BAD_PROTOCOL,
            DISCONNECTED));
    all.add(
        sending(
            "H28",
            "204 with a body",
            "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello",
            BAD_PROTOCOL));
    all.add(sending("H28", "304 with a body", ScriptedAxon.http(304, "hello"), AXON_ERROR));
    all.add(sending("H28", "200 without a body", ScriptedAxon.success(""), BAD_BODY));
    String answerToHead = ScriptedAxon.success(JSON).replace(JSON, "");
    all.add(sending("H28", "as to HEAD: a length, no body, the end", answerToHead, DISCONNECTED));
    all.add(holding("H28", "as to HEAD: a length, no body, silence", answerToHead, TIMED_OUT));
  }

  private static String quoted(String answer) {
    String first =
        new String(answer.getBytes(ISO_8859_1), ISO_8859_1).lines().findFirst().orElse("");
    return "\"" + first + "\"";
  }
}
