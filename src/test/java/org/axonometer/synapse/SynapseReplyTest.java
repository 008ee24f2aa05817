package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.synapse.PythonType.ListOf;
import org.axonometer.synapse.PythonType.OptionalOf;
import org.axonometer.synapse.PythonType.Plain;
import org.axonometer.synapse.SynapseReply.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class SynapseReplyTest {
  private static final SynapseType DUMMY = UnsignedRequests.dummy();
  private static final SynapseType ANY =
      new SynapseType(
          "Any",
          List.of(),
          List.of(new SynapseType.Field("out", new OptionalOf(Plain.ANY), false, null)),
          List.of());

  private static Map<String, List<String>> headers(String... namesAndValues) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("content-type", List.of("application/json"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
    }
    return headers;
  }

  private static SynapseReply read(SynapseType type, byte[] body) {
    return SynapseReply.read(type, 200, headers("bt_header_axon_status_code", "200"), body);
  }

  private static SynapseReply dummy(String json) {
    return read(DUMMY, json.getBytes(UTF_8));
  }

  /** The JSON as the value of a declared field of any type. */
  private static SynapseReply any(String json) {
    return read(ANY, ("{\"out\":" + json + "}").getBytes(UTF_8));
  }

  private static void assertBad(SynapseReply reply, String detail) {
    assertThat(reply.reading()).as(reply.detail()).isEqualTo(Reading.BAD_BODY);
    assertThat(reply.detail()).containsIgnoringCase(detail);
    assertThat(reply.detail()).hasSizeLessThanOrEqualTo(300).doesNotContainPattern("\\p{Cntrl}");
    assertThat(reply.fields().isEmpty()).isTrue();
  }

  // --- the declared fields

  @Test
  void takesTheDeclaredFieldsAndNothingElse() {
    SynapseReply reply =
        SynapseReply.read(
            DUMMY,
            200,
            headers(
                "bt_header_axon_status_code", "200",
                "bt_header_axon_status_message", "Success",
                "bt_header_axon_process_time", "2.36e-05",
                "bt_header_dendrite_hotkey", "5Someone"),
            """
            {"name":"Other","timeout":1e9,"total_size":1,"computed_body_hash":"x",
             "dendrite":{"hotkey":"5Someone"},"axon":{"ip":"8.8.8.8","status_code":200},
             "dummy_input":1,"dummy_output":2,"extra":3}
            """
                .getBytes(UTF_8));

    assertThat(reply.reading()).isEqualTo(Reading.ANSWERED);
    assertThat(reply.detail()).isNull();
    assertThat(reply.fields().toString()).isEqualTo("{\"dummy_output\":2}");
    assertThat(reply.claimedStatusCode()).isEqualTo(200);
    assertThat(reply.claimedStatusMessage()).isEqualTo("Success");
    assertThat(reply.claimedProcessTime()).isEqualTo("2.36e-05");
    assertThat(reply.view()).isEqualTo(new DendriteView(200, "Success"));
  }

  @Test
  void takesAnAbsentOrNullFieldAsNull() {
    assertThat(dummy("{}").fields().toString()).isEqualTo("{\"dummy_output\":null}");
    assertThat(dummy("{\"dummy_output\":null}").fields().toString())
        .isEqualTo("{\"dummy_output\":null}");
  }

  @Test
  void turnsAMissingRequiredFieldDown() {
    SynapseType strict =
        new SynapseType(
            "Strict",
            List.of(),
            List.of(new SynapseType.Field("out", Plain.STR, true, null)),
            List.of());
    assertBad(read(strict, "{}".getBytes(UTF_8)), "field out is missing");
    assertBad(read(strict, "{\"out\":null}".getBytes(UTF_8)), "field out does not fit");
    assertThat(read(strict, "{\"out\":\"x\"}".getBytes(UTF_8)).reading())
        .isEqualTo(Reading.ANSWERED);
  }

  @Test
  void turnsAValueOfAnotherTypeDown() {
    assertBad(dummy("{\"dummy_output\":\"text\"}"), "field dummy_output does not fit its type");
    assertBad(dummy("{\"dummy_output\":[1]}"), "field dummy_output does not fit its type");
  }

  @Test
  void turnsNullDownWhereNoneIsNeitherTheDefaultNorOfTheType() {
    SynapseType text =
        new SynapseType(
            "Text",
            List.of(),
            List.of(
                new SynapseType.Field(
                    "completion", Plain.STR, false, JsonNodeFactory.instance.stringNode(""))),
            List.of());
    SynapseReply reply = read(text, "{\"completion\":null}".getBytes(UTF_8));
    assertBad(reply, "field completion does not fit its type");
    assertThat(reply.view().statusCode()).isEqualTo(422);
    assertThat(read(text, "{}".getBytes(UTF_8)).reading()).isEqualTo(Reading.ANSWERED);
    SynapseType none =
        new SynapseType(
            "Text",
            List.of(),
            List.of(new SynapseType.Field("completion", Plain.STR, false, null)),
            List.of());
    assertThat(read(none, "{\"completion\":null}".getBytes(UTF_8)).reading())
        .isEqualTo(Reading.ANSWERED);
  }

  @Test
  void keepsTheRequestFieldsThatCameBack() {
    assertThat(dummy("{\"dummy_input\":9,\"dummy_output\":2,\"x\":1}").echoed().toString())
        .isEqualTo("{\"dummy_input\":9}");
    assertThat(dummy("{\"dummy_output\":2}").echoed().isEmpty()).isTrue();
    assertThat(dummy("{\"dummy_input\":9,\"dummy_output\":\"x\"}").echoed().toString())
        .isEqualTo("{\"dummy_input\":9}");
    assertThat(
            SynapseReply.read(DUMMY, 500, headers(), "{\"dummy_input\":9}".getBytes(UTF_8))
                .echoed())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "[{}]", "\"text\"", "5", "true"})
  void turnsJsonThatIsNoObjectDown(String json) {
    assertBad(dummy(json), "not an object");
  }

  // --- what is not JSON

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \r\n\t",
        "{",
        "{\"dummy_output\":1",
        "hello",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,}",
        "<html></html>",
        "<?xml version=\"1.0\"?><a/>",
        "dummy_output: 1",
        "{\"a\":01}",
        "{\"a\":\"\u0001\"}",
        "{\"a\":\"\\x\"}",
        "// comment\n{}",
        "{\"dummy_output\":+1}"
      })
  void turnsWhatIsNotJsonDown(String body) {
    assertThat(dummy(body).reading()).isEqualTo(Reading.BAD_BODY);
  }

  @Test
  void readsUtf8Only() {
    String json = "{\"dummy_output\":2}";
    assertBad(read(DUMMY, ("\uFEFF" + json).getBytes(UTF_8)), "BOM");
    assertBad(read(DUMMY, json.getBytes(UTF_16)), "not UTF-8");
    assertThat(read(DUMMY, json.getBytes(java.nio.charset.StandardCharsets.UTF_16LE)).reading())
        .isEqualTo(Reading.BAD_BODY);
    assertBad(read(DUMMY, "{\"a\":\"\u00e9\"}".getBytes(ISO_8859_1)), "not UTF-8");
    assertBad(read(DUMMY, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}), "not UTF-8");
    assertThat(read(DUMMY, new byte[] {(byte) 0xAC, (byte) 0xED, 0, 5, 's', 'r'}).reading())
        .isEqualTo(Reading.BAD_BODY);
    assertThat(read(DUMMY, new byte[] {(byte) 0x80, 4, (byte) 0x95}).reading())
        .isEqualTo(Reading.BAD_BODY);
  }

  @Test
  void stopsAtDepthSixtyFour() {
    // One level is the object around it.
    assertThat(any("[".repeat(63) + "]".repeat(63)).reading()).isEqualTo(Reading.ANSWERED);
    assertBad(any("[".repeat(64) + "]".repeat(64)), "depth");
    assertBad(any("[".repeat(1_001) + "]".repeat(1_001)), "depth");
    assertBad(any("[".repeat(100_000)), "depth");
    assertBad(any("{\"a\":".repeat(100_000)), "depth");
  }

  @Test
  void refusesDuplicateNames() {
    assertBad(dummy("{\"dummy_output\":1,\"dummy_output\":9}"), "duplicate");
    assertBad(dummy("{\"dummy_output\":1,\"dummy\\u005foutput\":9}"), "duplicate");
    assertBad(any("{\"a\":{\"b\":1,\"b\":1}}"), "duplicate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "INF", "1e400", "-1e400", "1e999999999"})
  void refusesNumbersThatAreNotFinite(String number) {
    assertThat(any(number).reading()).isEqualTo(Reading.BAD_BODY);
    assertThat(any("[[{\"a\":" + number + "}]]").reading()).isEqualTo(Reading.BAD_BODY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0", "-0.0", "1e-400", "1e308", "0.1", "18446744073709551615"})
  void takesOtherNumbers(String number) {
    assertThat(any(number).reading()).isEqualTo(Reading.ANSWERED);
  }

  @Test
  void stopsAtSixtyFourDigits() {
    assertThat(any("9".repeat(64)).reading()).isEqualTo(Reading.ANSWERED);
    assertBad(any("9".repeat(65)), "number");
    assertBad(any("9".repeat(10_000)), "number");
    assertBad(any("0." + "1".repeat(10_000)), "number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", " garbage", "}", ",", "null", "\u0000", "1"})
  void refusesWhatFollowsTheDocument(String rest) {
    assertThat(dummy("{\"dummy_output\":1}" + rest).reading()).isEqualTo(Reading.BAD_BODY);
    assertThat(dummy("{\"dummy_output\":1} \r\n\t").reading()).isEqualTo(Reading.ANSWERED);
  }

  @Test
  void stopsAtAMegabyteOfText() {
    assertThat(any('"' + "x".repeat(1_000_000) + '"').reading()).isEqualTo(Reading.ANSWERED);
    assertBad(any('"' + "x".repeat(1_000_001) + '"'), "string");
  }

  @Test
  void stopsAtTwoHundredFiftySixCharactersOfAName() {
    assertThat(any("{\"" + "x".repeat(256) + "\":1}").reading()).isEqualTo(Reading.ANSWERED);
    assertBad(any("{\"" + "x".repeat(257) + "\":1}"), "name");
    assertBad(any("{\"" + "x".repeat(60_000) + "\":1}"), "name");
  }

  @Test
  void stopsAtAHundredThousandTokens() {
    assertThat(any("[" + "1,".repeat(90_000) + "1]").reading()).isEqualTo(Reading.ANSWERED);
    assertBad(any("[" + "{},".repeat(1_000_000) + "{}]"), "token");
    StringBuilder names = new StringBuilder("{");
    for (int i = 0; i < 100_000; i++) {
      names.append('"').append(i).append("\":1,");
    }
    assertBad(any(names + "\"x\":1}"), "token");
  }

  @Test
  void refusesLoneSurrogates() {
    assertBad(any("\"\\ud800\""), "surrogate");
    assertBad(any("{\"\\udc00\":1}"), "surrogate");
    assertThat(any("\"\\ud83d\\ude00\"").reading()).isEqualTo(Reading.ANSWERED);
  }

  /** "Aa" and "BB" have the same hash, and so has every text made of them. */
  @Test
  void readsCollidingNamesQuickly() {
    List<String> names = List.of("");
    for (int i = 0; i < 14; i++) {
      List<String> longer = new ArrayList<>();
      names.forEach(
          name -> {
            longer.add(name + "Aa");
            longer.add(name + "BB");
          });
      names = longer;
    }
    StringBuilder json = new StringBuilder("{\"x\":0");
    names.forEach(name -> json.append(",\"").append(name).append("\":1"));
    String body = json.append('}').toString();
    assertThat(any(body).reading()).isEqualTo(Reading.ANSWERED);

    long before = System.nanoTime();
    any(body);
    assertThat((System.nanoTime() - before) / 1_000_000).as("ms").isLessThan(1_000);
  }

  // --- media type

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON; charset=evil",
        "application/problem+json",
        "application/json;"
      })
  void takesJsonMediaTypes(String type) {
    assertThat(typed(type).reading()).isEqualTo(Reading.ANSWERED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/html",
        "text/plain",
        "text/json",
        "application/jsonx",
        "application/xml",
        "json",
        "text/event-stream"
      })
  void turnsOtherMediaTypesDown(String type) {
    assertBad(typed(type), "content type");
  }

  private static SynapseReply typed(String type) {
    return SynapseReply.read(
        DUMMY, 200, Map.of("Content-Type", List.of(type)), "{\"dummy_output\":2}".getBytes(UTF_8));
  }

  // --- status

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  void isRefusedWhateverTheBody(int status) {
    SynapseReply reply =
        SynapseReply.read(
            DUMMY, status, headers(), "{\"message\":\"Nonce is too old\"}".getBytes(UTF_8));
    assertThat(reply.reading()).isEqualTo(Reading.REFUSED);
    assertThat(reply.detail()).isEqualTo("HTTP " + status + ": Nonce is too old");
    assertThat(reply.claimedStatusMessage()).isEqualTo("Nonce is too old");
    assertThat(SynapseReply.read(DUMMY, status, Map.of(), new byte[0]).detail())
        .isEqualTo("HTTP " + status);
  }

  @Test
  void isAnErrorWhenTheHeaderDisagreesWithHttp() {
    byte[] body = "{\"dummy_output\":2}".getBytes(UTF_8);
    for (String status : List.of("500", "403", "abc", "", "0", "200.0", "99999999999")) {
      SynapseReply reply =
          SynapseReply.read(DUMMY, 200, headers("BT_Header_Axon_Status_Code", status), body);
      assertThat(reply.reading()).isEqualTo(Reading.ERROR);
      assertThat(reply.fields().isEmpty()).isTrue();
      assertThat(reply.claimedStatusCode())
          .isEqualTo(status.matches("[0-9]{1,3}") ? Integer.valueOf(status) : null);
    }
    SynapseReply old =
        SynapseReply.read(
            DUMMY, 422, headers("bt_header_axon_status_code", "200"), "{}".getBytes(UTF_8));
    assertThat(old.reading()).isEqualTo(Reading.ERROR);
    assertThat(old.claimedStatusCode()).isEqualTo(200);
  }

  @Test
  void isAnsweredWithoutAnyStatusHeader() {
    SynapseReply reply =
        SynapseReply.read(
            DUMMY, 200, headers(), "{\"dummy_input\":1,\"dummy_output\":2}".getBytes(UTF_8));
    assertThat(reply.reading()).isEqualTo(Reading.ANSWERED);
    assertThat(reply.claimedStatusCode()).isNull();
    assertThat(reply.view()).isEqualTo(new DendriteView(null, null));
  }

  // --- claims

  @Test
  void cleansAndCutsClaims() {
    SynapseReply reply =
        SynapseReply.read(
            DUMMY,
            500,
            headers(
                "bt_header_axon_status_message", "\u00c3\u00a9\u202e" + "x".repeat(5_000),
                "bt_header_axon_process_time", "fast\u009b[2J" + "9".repeat(5_000)),
            "{\"message\":\"other\"}".getBytes(UTF_8));
    assertThat(reply.claimedStatusMessage()).hasSize(500).startsWith("\u00c3\u00a9\uFFFDxx");
    assertThat(reply.claimedProcessTime()).hasSize(64).startsWith("fast\uFFFD[2J9");
    assertThat(reply.detail()).hasSize(300).startsWith("HTTP 500: ");
  }

  @Test
  void readsUtf8InHeaders() {
    SynapseReply reply =
        SynapseReply.read(
            DUMMY, 500, headers("bt_header_axon_status_message", "caf\u00c3\u00a9"), new byte[0]);
    assertThat(reply.claimedStatusMessage()).isEqualTo("caf\u00e9");
  }

  @Test
  void takesTheFirstOfSeveralHeaders() {
    Map<String, List<String>> headers = headers();
    headers.put("bt_header_axon_process_time", List.of("1", "2"));
    assertThat(SynapseReply.read(DUMMY, 200, headers, new byte[0]).claimedProcessTime())
        .isEqualTo("1");
  }

  @Test
  void keepsFieldsAsTheAxonWroteThem() {
    SynapseType list =
        new SynapseType(
            "Lists",
            List.of(),
            List.of(new SynapseType.Field("out", new ListOf(Plain.FLOAT), false, null)),
            List.of());
    assertThat(read(list, "{\"out\":[1,2.50,\"3\"]}".getBytes(UTF_8)).fields().toString())
        .isEqualTo("{\"out\":[1,2.5,\"3\"]}");
  }

  @Test
  void tellsEachResponseFieldThatDoesNotFitAndWhy() {
    SynapseType type =
        new SynapseType(
            "Three",
            List.of(),
            List.of(
                new SynapseType.Field("good", Plain.INT, false, null),
                new SynapseType.Field("wrong", Plain.INT, false, null),
                new SynapseType.Field("missing", Plain.INT, true, null)),
            List.of());
    SynapseReply reply = read(type, "{\"good\":1,\"wrong\":\"one\\u0000\"}".getBytes(UTF_8));
    assertBad(reply, "field wrong does not fit its type: ");
    assertThat(reply.invalidFields()).containsOnlyKeys("wrong", "missing");
    assertThat(reply.invalidFields()).containsEntry("missing", "is missing");
    assertThat(reply.invalidFields().get("wrong"))
        .startsWith("does not fit its type: ")
        .doesNotContainPattern("\\p{Cntrl}");
    assertThat(dummy("{\"dummy_output\":2}").invalidFields()).isEmpty();
  }
}
