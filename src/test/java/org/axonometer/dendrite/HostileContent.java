package org.axonometer.dendrite;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.axonometer.dendrite.HostileAxon.sending;
import static org.axonometer.dendrite.Outcome.AXON_ERROR;
import static org.axonometer.dendrite.Outcome.BAD_BODY;
import static org.axonometer.dendrite.Outcome.OK;
import static org.axonometer.dendrite.Outcome.TOO_LARGE;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.axonometer.testing.ScriptedAxon;

/** The part of the catalogue that is clean HTTP and hostile inside: C01 to C22. */
final class HostileContent {
  private static final String JSON = "{\"completion\":\"x\"}";

  private HostileContent() {}

  static List<HostileAxon> all() {
    List<HostileAxon> all = new ArrayList<>();
    json(all);
    numbers(all);
    sizes(all);
    claims(all);
    texts(all);
    otherForms(all);
    return all;
  }

  private static HostileAxon body(String id, String behaviour, String json, Outcome... ends) {
    return sending(id, behaviour, ScriptedAxon.success(json), ends);
  }

  private static HostileAxon bytes(String id, String behaviour, byte[] body) {
    var answer = new ByteArrayOutputStream();
    answer.writeBytes(
        ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(UTF_8));
    answer.writeBytes(body);
    return sending(id, behaviour, answer.toByteArray(), BAD_BODY);
  }

  private static void json(List<HostileAxon> all) {
    all.add(body("C01", "not JSON", "not json", BAD_BODY));
    all.add(body("C01", "empty body", "", BAD_BODY));
    all.add(body("C01", "white space", " \r\n\t ", BAD_BODY));
    all.add(body("C01", "byte order mark", "\uFEFF" + JSON, BAD_BODY));
    all.add(bytes("C01", "UTF-16", JSON.getBytes(UTF_16)));
    all.add(
        bytes("C01", "invalid UTF-8", new byte[] {'{', '"', (byte) 0xc3, '(', '"', ':', '1', '}'}));
    for (int depth : List.of(65, 1_001, 100_000)) {
      all.add(
          body(
              "C02",
              "nesting of " + depth,
              "{\"completion\":" + "[".repeat(depth) + "]".repeat(depth) + "}",
              BAD_BODY));
    }
    all.add(body("C03", "a key twice", "{\"completion\":\"x\",\"completion\":\"y\"}", BAD_BODY));
    all.add(
        body(
            "C03",
            "keys that differ by Unicode normalisation",
            "{\"completion\":\"x\",\"\u00e9\":1,\"e\u0301\":2}",
            OK));
    all.add(body("C05", "a second document", JSON + JSON, BAD_BODY));
    all.add(body("C05", "rubbish behind", JSON + " x", BAD_BODY));
  }

  private static void numbers(List<HostileAxon> all) {
    for (String number :
        List.of("NaN", "Infinity", "-Infinity", "1e400", "1e999999999", "9".repeat(10_000))) {
      String shown = number.length() > 20 ? "a number of 10,000 digits" : number;
      all.add(body("C04", shown, "{\"completion\":\"x\",\"n\":" + number + "}", BAD_BODY));
    }
    for (String number : List.of("-0", "1e-400", "0.30000000000000004")) {
      all.add(body("C04", number, "{\"completion\":\"x\",\"n\":" + number + "}", OK));
    }
  }

  private static void sizes(List<HostileAxon> all) {
    String keys =
        IntStream.range(0, 1_000_000)
            .mapToObj(i -> "\"" + i + "\":1")
            .collect(Collectors.joining(",", "{", "}"));
    all.add(body("C06", "a million keys", keys, TOO_LARGE));
    all.add(body("C06", "a million {}", "[" + "{},".repeat(999_999) + "{}]", TOO_LARGE));
    all.add(
        body(
            "C06",
            "300,000 {} in one megabyte",
            "{\"completion\":[" + "{},".repeat(299_999) + "{}]}",
            BAD_BODY));
    all.add(
        body(
            "C06",
            "a string of 20 MB",
            "{\"completion\":\"" + "x".repeat(20_000_000) + "\"}",
            TOO_LARGE));
    all.add(
        body(
            "C06",
            "a string just over the limit",
            "{\"completion\":\"" + "x".repeat(1_000_001) + "\"}",
            BAD_BODY));
    all.add(body("C06", "a key of 60,000", "{\"" + "k".repeat(60_000) + "\":1}", BAD_BODY));
    all.add(body("C22", "10,000 keys of one hash", colliding(), OK));
  }

  /** Strings of Aa and BB all have one hash. */
  private static String colliding() {
    return IntStream.range(0, 10_000)
        .mapToObj(
            i ->
                IntStream.range(0, 14)
                    .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                    .collect(Collectors.joining("", "\"", "\":1")))
        .collect(Collectors.joining(",", "{\"completion\":\"x\",", "}"));
  }

  private static HostileAxon headed(
      String id, String behaviour, String json, List<String> headers, Outcome... ends) {
    return sending(
        id, behaviour, ScriptedAxon.http(200, json, headers.toArray(String[]::new)), ends);
  }

  private static void claims(List<HostileAxon> all) {
    String json = "content-type: application/json";
    all.add(headed("C07", "text/html", JSON, List.of("content-type: text/html"), BAD_BODY));
    all.add(headed("C07", "no Content-Type", JSON, List.of(), BAD_BODY));
    all.add(headed("C07", "a strange charset", JSON, List.of(json + "; charset=evil"), OK));
    all.add(
        headed(
            "C08",
            "HTTP 200, header status 500",
            JSON,
            List.of(json, "bt_header_axon_status_code: 500"),
            AXON_ERROR));
    all.add(
        sending(
            "C08",
            "HTTP 500, header status 200",
            ScriptedAxon.http(500, JSON, json, "bt_header_axon_status_code: 200"),
            AXON_ERROR));
    for (String time : List.of("0.000001", "-1", "1e9", "fast", "9".repeat(1_000))) {
      all.add(
          headed(
              "C09",
              "process time " + (time.length() > 20 ? "of 1,000 digits" : time),
              JSON,
              List.of(json, "bt_header_axon_process_time: " + time),
              OK));
    }
    all.add(
        headed(
            "C10",
            "headers name another neuron",
            JSON,
            List.of(
                json,
                "bt_header_dendrite_hotkey: other",
                "bt_header_axon_hotkey: other",
                "bt_header_axon_ip: 8.8.8.8",
                "bt_header_axon_port: 1",
                "uid: 7"),
            OK));
    all.add(
        body(
            "C11",
            "the body overwrites timeout, name, dendrite, axon, total_size, computed_body_hash",
            "{\"completion\":\"x\",\"timeout\":1e9,\"name\":\"evil\",\"dendrite\":{\"hotkey\":\"x\"},"
                + "\"axon\":{\"ip\":\"8.8.8.8\"},\"total_size\":-1,\"computed_body_hash\":\"00\"}",
            OK));
    for (String signature :
        List.of("0x" + "00".repeat(64), "0x" + "zz".repeat(64), "0x", "0x" + "ff".repeat(20_000))) {
      all.add(
          headed(
              "C12",
              "signature "
                  + signature.substring(0, Math.min(6, signature.length()))
                  + " of "
                  + signature.length()
                  + " characters",
              JSON,
              List.of(
                  json,
                  "bt_header_axon_nonce: 1795343746668457831",
                  "bt_header_axon_uuid: u",
                  "bt_header_axon_signature: " + signature),
              OK));
    }
    all.add(
        headed(
            "C12",
            "signature of 10 MB",
            JSON,
            List.of(json, "bt_header_axon_signature: 0x" + "ab".repeat(5_000_000)),
            TOO_LARGE));
    all.add(body("C13", "the answer of another miner", JSON, OK));
  }

  private static void texts(List<HostileAxon> all) {
    everywhere(
        all,
        "C14",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "{{7*7}}",
        "${jndi:ldap://127.0.0.1:1/x}",
        "%{(#a=1)}",
        "#{T(java.lang.Runtime).getRuntime()}");
    everywhere(
        all,
        "C15",
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\u200b=1",
        "\u001b=1",
        "a\"b\n,c");
    everywhere(
        all,
        "C16",
        "a\n2026-01-01 INFO sealed round 7",
        "a\r2026-01-01 INFO",
        "a\u20282026-01-01 INFO",
        "a\u00852026-01-01 INFO");
    everywhere(
        all,
        "C17",
        "\u001b[2J",
        "\u001b]8;;http://127.0.0.1:1\u0007x\u001b]8;;\u0007",
        "\u001b]52;c;eA==\u0007",
        "\u001b]0;title\u0007",
        "\u202egpj.exe",
        "\u0007\b",
        "\u009b2J");
    everywhere(all, "C18", "'); drop table synapse_history;--", "%", "_", "\\", "\"; SELECT 1");
    everywhere(all, "C19", "a\u0000b", "\uffff", "\ufffe", "x".repeat(900_000));
    for (String escape : List.of("\\ud800", "\\udfff", "\\ud800\\ud800")) {
      all.add(
          body("C19", "lone surrogate " + escape, "{\"completion\":\"" + escape + "\"}", BAD_BODY));
    }
    all.add(
        body(
            "C19",
            "an integer of 60 digits",
            "{\"completion\":\"x\",\"n\":" + "9".repeat(60) + "}",
            OK));
    everywhere(all, "C21", "../../../../etc/passwd", "C:\\\\..\\\\x", "/dev/null", "con");
  }

  /** The text in the answer and in what the axon claims, there without what HTTP forbids. */
  private static void everywhere(List<HostileAxon> all, String id, String... texts) {
    for (String text : texts) {
      String inHeader =
          text.codePoints().noneMatch(c -> c < ' ') && text.length() < 1_000 ? text : "x";
      all.add(
          headed(
              id,
              shown(text),
              "{\"completion\":\"" + escaped(text) + "\"}",
              List.of(
                  "content-type: application/json",
                  "bt_header_axon_status_code: 200",
                  "bt_header_axon_status_message: " + inHeader,
                  "bt_header_axon_process_time: " + inHeader),
              OK));
      all.add(
          sending(
              id,
              "as a refusal, " + shown(text),
              ScriptedAxon.http(
                  403, "{\"message\":\"" + escaped(text) + "\"}", "content-type: application/json"),
              Outcome.REFUSED));
    }
  }

  private static String escaped(String text) {
    return text.codePoints()
        .mapToObj(
            c -> c < ' ' || c == '"' || c == '\\' ? "\\u%04x".formatted(c) : Character.toString(c))
        .collect(Collectors.joining());
  }

  private static String shown(String text) {
    String start = text.substring(0, Math.min(text.length(), 40));
    return start
        .codePoints()
        .mapToObj(c -> c < ' ' || c > '~' ? "U+%04X ".formatted(c) : Character.toString(c))
        .collect(Collectors.joining("", "\"", "\""));
  }

  private static void otherForms(List<HostileAxon> all) {
    all.add(body("C20", "XML", "<?xml version=\"1.0\"?><a>&x;</a>", BAD_BODY));
    all.add(body("C20", "YAML", "!!javax.script.ScriptEngineManager [x]", BAD_BODY));
    all.add(
        bytes(
            "C20", "serialised Java", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5, 's', 'r', 0, 1}));
    all.add(bytes("C20", "pickle", new byte[] {(byte) 0x80, 4, 'c', 'o', 's', '\n', '.'}));
    all.add(bytes("C20", "protobuf", new byte[] {8, (byte) 0x96, 1, 18, 3, 'a', 'b', 'c'}));
  }
}
