package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonometer.testing.AxonGeneration.SDK_6_9;
import static org.axonometer.testing.AxonGeneration.SDK_7_2;
import static org.axonometer.testing.AxonGeneration.SDK_9_3;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.axonometer.synapse.AlteredRequests;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.DendriteView;
import org.axonometer.synapse.PythonType;
import org.axonometer.synapse.Question;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.Streaming;
import org.axonometer.synapse.Synapse;
import org.axonometer.synapse.SynapseReply;
import org.axonometer.synapse.SynapseType;
import org.axonometer.synapse.UnsignedRequests;
import org.axonometer.testing.AxonGeneration;
import org.axonometer.testing.GenerationAxon;
import org.axonometer.testing.GenerationAxon.Behaviour;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What axons of each SDK generation accept of us, what they say otherwise, and what we record of it
 * (protocol 3.4, 4.1, 4.3).
 */
class AxonGenerationsIT {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final long NOW_NANOS = NOW.getEpochSecond() * 1_000_000_000L;
  private static final Duration PATIENT = Duration.ofSeconds(12);
  private static final int UNIX_NONCES = 10_002_000;
  private static final int MONOTONIC_NONCES = 694;
  private static final String NUMBERED = "Internal Server Error #";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Hotkey HOTKEY = Hotkey.generate();
  private static final SynapseType DUMMY =
      new SynapseType(
          "Dummy",
          UnsignedRequests.dummy().requestFields(),
          UnsignedRequests.dummy().responseFields(),
          List.of("dummy_input"));

  private static Dendrite dendrite;

  @BeforeAll
  static void open() {
    HttpProperties.set();
    dendrite = new Dendrite(100_000);
  }

  @AfterAll
  static void close() {
    dendrite.close();
  }

  private static GenerationAxon axon(AxonGeneration generation) {
    return axon(generation, Behaviour.ANSWERS);
  }

  private static GenerationAxon axon(AxonGeneration generation, Behaviour behaviour) {
    return new GenerationAxon(generation, DUMMY, behaviour, CLOCK);
  }

  private static SignedRequest request(
      SynapseType type, GenerationAxon axon, int version, String uuid, long nonceNanos) {
    ObjectNode fields = JSON.objectNode().put("dummy_input", 7);
    return Question.of(type, fields)
        .sign(
            new Caller(HOTKEY, "203.0.113.7", version),
            axon.hotkey(),
            axon.endpoint(),
            PATIENT,
            uuid,
            nonceNanos);
  }

  private static SignedRequest fresh(GenerationAxon axon) {
    return request(DUMMY, axon, UNIX_NONCES, UUID.randomUUID().toString(), NOW_NANOS);
  }

  private static Exchange ask(SignedRequest request) throws InterruptedException {
    return dendrite.ask(DUMMY, request);
  }

  /** Asks an axon with this uuid and a nonce so many seconds old. */
  private static Exchange ask(GenerationAxon axon, int version, String uuid, double secondsOld)
      throws InterruptedException {
    long nonceNanos = NOW_NANOS - (long) (secondsOld * 1e9);
    return ask(request(DUMMY, axon, version, uuid, nonceNanos));
  }

  private static SynapseReply replyOf(Exchange exchange) {
    return Objects.requireNonNull(exchange.reply(), exchange.detail());
  }

  private static void assertAnswered(Exchange exchange) {
    assertThat(exchange.outcome()).as(exchange.detail()).isEqualTo(Outcome.OK);
    assertThat(replyOf(exchange).fields().get("dummy_output").intValue()).isEqualTo(42);
    assertThat(exchange.view()).isEqualTo(new DendriteView(200, "Success"));
  }

  private static void assertRefused(Exchange exchange, String why) {
    String message = "Not Verified with error: " + why;
    assertThat(exchange.outcome()).as(exchange.detail()).isEqualTo(Outcome.REFUSED);
    assertThat(exchange.httpStatus()).isEqualTo(401);
    assertThat(replyOf(exchange).claimedStatusCode()).isEqualTo(401);
    assertThat(replyOf(exchange).claimedStatusMessage()).isEqualTo(message);
    assertThat(exchange.view()).isEqualTo(new DendriteView(401, message));
    assertThat(exchange.timings().totalNanos()).isPositive();
  }

  // --- an answer, 4.1

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void everyGenerationAnswersOurQuery(AxonGeneration generation) throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      Exchange exchange = ask(fresh(axon));

      assertAnswered(exchange);
      assertThat(replyOf(exchange).claimedStatusCode()).isEqualTo(200);
      assertThat(replyOf(exchange).claimedStatusMessage()).isEqualTo("Success");
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void processTimeIsKeptAsSentAndComesSince72Only(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      assertThat(replyOf(ask(fresh(axon))).claimedProcessTime())
          .isEqualTo(generation == SDK_6_9 ? null : "2.36e-05");
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void onlyAxonsBefore72SignTheirSuccessAndTellOurAddress(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      SignedRequest request = fresh(axon);
      Exchange exchange = ask(request);

      boolean old = generation == SDK_6_9;
      assertThat(exchange.headers().containsKey("bt_header_axon_signature")).isEqualTo(old);
      assertThat(exchange.headers().containsKey("bt_header_axon_nonce")).isEqualTo(old);
      Synapse merged =
          Synapse.of(DUMMY, JSON.objectNode().put("dummy_input", 7))
              .processServerResponse("", 200, exchange.headers(), exchange.body())
              .synapse();
      assertThat(merged.isSuccess()).isTrue();
      assertThat(merged.dendrite().ip()).isEqualTo(old ? "127.0.0.1" : "203.0.113.7");
      assertThat(merged.dendrite().port()).isEqualTo(old ? 40_123L : null);
      assertThat(merged.axon().signature() != null).isEqualTo(old);
      assertThat(merged.axon().statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void theBodyHashOfAnAnswerIsThatOfTheQuerySince72AndChangesNothing(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      SignedRequest request = fresh(axon);
      Exchange exchange = ask(request);

      assertAnswered(exchange);
      List<String> hash = exchange.headers().getOrDefault("computed_body_hash", List.of());
      assertThat(hash).hasSize(1);
      assertThat(hash.contains(request.bodyHash())).isEqualTo(generation != SDK_6_9);
      Synapse merged =
          Synapse.of(DUMMY, JSON.objectNode().put("dummy_input", 7))
              .processServerResponse("", 200, exchange.headers(), exchange.body())
              .synapse();
      assertThat(merged.computedBodyHash()).isEmpty();
      assertThat(merged.isSuccess()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aStatusThatForwardSetIsTheHttpStatusWithTheWholeSynapseSince72(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation, Behaviour.SETS_A_STATUS)) {
      Exchange exchange = ask(fresh(axon));

      assertThat(new String(exchange.body(), StandardCharsets.UTF_8))
          .contains("\"dummy_output\":42", "\"status_code\":418")
          .doesNotContain("\"message\"");
      if (generation == SDK_6_9) {
        assertAnswered(exchange);
        return;
      }
      assertThat(exchange.outcome()).as(exchange.detail()).isEqualTo(Outcome.AXON_ERROR);
      assertThat(exchange.httpStatus()).isEqualTo(418);
      assertThat(replyOf(exchange).fields().isEmpty()).isTrue();
      assertThat(replyOf(exchange).claimedStatusCode()).isEqualTo(418);
      assertThat(replyOf(exchange).claimedStatusMessage()).isNull();
      assertThat(exchange.view()).isEqualTo(new DendriteView(418, null));
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void everyGenerationStreamsBut72And73(AxonGeneration generation) throws InterruptedException {
    SynapseType streaming =
        new SynapseType(
                "Dummy",
                DUMMY.requestFields(),
                List.of(
                    new SynapseType.Field(
                        "completion", PythonType.Plain.STR, false, JSON.stringNode(""))),
                DUMMY.hashFields())
            .streaming(new Streaming(Streaming.Parser.TEXT, Optional.of("completion")));
    try (GenerationAxon axon =
        new GenerationAxon(generation, streaming, Behaviour.ANSWERS, CLOCK)) {
      Exchange exchange =
          dendrite.ask(streaming, request(streaming, axon, UNIX_NONCES, "stream", NOW_NANOS));

      if (generation == SDK_7_2) {
        assertError(exchange, Outcome.AXON_ERROR, 500, NUMBERED);
      } else {
        assertThat(exchange.outcome()).as(exchange.detail()).isEqualTo(Outcome.OK);
        assertThat(replyOf(exchange).fields().get("completion").stringValue())
            .isEqualTo("forty-two");
        assertThat(exchange.view()).isEqualTo(new DendriteView(200, "Success"));
      }
    }
  }

  // --- nonces, 3.4

  @ParameterizedTest
  @CsvSource({
    "SDK_6_9, 1, true",
    "SDK_6_9, 15, true",
    "SDK_6_9, 86400, true",
    "SDK_7_2, 1, true",
    "SDK_7_2, 3, true",
    "SDK_7_2, 5, false",
    "SDK_7_2, 15, false",
    "SDK_7_4, 1, true",
    "SDK_7_4, 5, true",
    "SDK_7_4, 15, true",
    "SDK_7_4, 18, false",
    "SDK_9_3, 3, true",
    "SDK_9_3, 15, true",
    "SDK_9_3, 18, false",
    "SDK_9_3, 19, false",
  })
  void aFirstNonceMayBeSoOld(AxonGeneration generation, int secondsOld, boolean accepted)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      Exchange exchange = ask(axon, UNIX_NONCES, "first", secondsOld);

      if (accepted) {
        assertAnswered(exchange);
      } else if (generation == SDK_7_2) {
        assertRefused(exchange, "Nonce is too old");
      } else {
        assertRefused(
            exchange,
            "Nonce is too old: acceptable delta is 16.00 seconds but request was %d.00 seconds old"
                .formatted(secondsOld));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aFirstNonceOfAnOlderClientMayBeAnything(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      assertAnswered(ask(request(DUMMY, axon, MONOTONIC_NONCES, "old", 12_345)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SDK_6_9, Nonce is too small, Nonce is too small",
    "SDK_7_2, Nonce is too old, Nonce is too small",
    "SDK_7_4, 'Nonce is too old, a newer one was last processed', 'Nonce is too old, a newer one"
        + " was last processed'",
    "SDK_9_3, 'Nonce is too old, a newer one was last processed', 'Nonce is too old, a newer one"
        + " was last processed'",
  })
  void aLaterNonceOfOneUuidMustBeHigher(AxonGeneration generation, String unix, String monotonic)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      assertAnswered(ask(axon, UNIX_NONCES, "same", 2));
      assertRefused(ask(axon, UNIX_NONCES, "same", 2), unix);
      assertRefused(ask(axon, UNIX_NONCES, "same", 2.5), unix);
      assertRefused(ask(axon, MONOTONIC_NONCES, "same", 3), monotonic);
      assertAnswered(ask(axon, UNIX_NONCES, "same", 1));
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aFreshUuidIsAcceptedInAnyOrderOfNonces(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      assertAnswered(ask(axon, UNIX_NONCES, "one", 1));
      assertAnswered(ask(axon, UNIX_NONCES, "two", 2));
      assertAnswered(ask(axon, UNIX_NONCES, "three", 1));
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aNonceFromTheFutureLocksItsUuid(AxonGeneration generation) throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      assertAnswered(ask(axon, UNIX_NONCES, "ahead", -3_600));
      assertThat(ask(axon, UNIX_NONCES, "ahead", 0).outcome()).isEqualTo(Outcome.REFUSED);
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aRefusedQueryLeavesTheStoredNonceAlone(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation);
        GenerationAxon other = axon(generation)) {
      SignedRequest forAnother = request(DUMMY, other, UNIX_NONCES, "same", NOW_NANOS);
      Exchange refused = ask(forAnother.sentTo(axon.endpoint()));

      assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(replyOf(refused).claimedStatusMessage())
          .startsWith("Not Verified with error: Signature mismatch with " + NOW_NANOS);
      assertAnswered(ask(axon, UNIX_NONCES, "same", 1));
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aMissingNonceIsRefusedSince72(AxonGeneration generation) throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      Exchange exchange = ask(AlteredRequests.withoutNonce(fresh(axon), HOTKEY));

      if (generation == SDK_6_9) {
        assertAnswered(exchange);
      } else {
        assertRefused(exchange, "Missing Nonce");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aMissingSignaturePassesSince93(AxonGeneration generation) throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      Exchange exchange = ask(AlteredRequests.without(fresh(axon), "bt_header_dendrite_signature"));

      if (generation == SDK_9_3) {
        assertAnswered(exchange);
      } else {
        assertThat(exchange.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(exchange.httpStatus()).isEqualTo(401);
      }
    }
  }

  // --- errors, 4.3

  private static void assertError(
      Exchange exchange, Outcome outcome, int status, String messageOrItsBeginning) {
    assertErrorSaid(exchange, outcome, status, messageOrItsBeginning);
    assertThat(exchange.timings().totalNanos()).isPositive();
  }

  /** Without the latency, which a query without a body does not have. */
  private static void assertErrorSaid(
      Exchange exchange, Outcome outcome, int status, String messageOrItsBeginning) {
    assertThat(exchange.outcome()).as(exchange.detail()).isEqualTo(outcome);
    assertThat(exchange.httpStatus()).isEqualTo(status);
    assertThat(replyOf(exchange).claimedStatusCode()).isEqualTo(status);
    assertThat(replyOf(exchange).claimedStatusMessage()).startsWith(messageOrItsBeginning);
    assertThat(exchange.view().statusCode()).isEqualTo(status);
    assertThat(exchange.view().statusMessage()).isEqualTo(replyOf(exchange).claimedStatusMessage());
  }

  /** Nothing came: the axon's own error could not stand in a header. */
  private static void assertDropped(Exchange exchange) {
    assertThat(exchange.outcome()).as(exchange.detail()).isEqualTo(Outcome.DISCONNECTED);
    assertThat(exchange.httpStatus()).isNull();
    assertThat(exchange.reply()).isNull();
    assertThat(exchange.view()).isEqualTo(DendriteView.disconnected());
    assertThat(exchange.timings().totalNanos()).isNull();
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void anUnknownNameIs404(AxonGeneration generation) throws InterruptedException {
    SynapseType unknown =
        new SynapseType(
            "Stranger", DUMMY.requestFields(), DUMMY.responseFields(), DUMMY.hashFields());
    try (GenerationAxon axon = axon(generation)) {
      assertError(
          dendrite.ask(unknown, request(unknown, axon, UNIX_NONCES, "name", NOW_NANOS)),
          Outcome.REFUSED,
          404,
          "Synapse name 'Stranger' not found. Available synapses ['Synapse', 'Dummy']");
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void headersThatDoNotBuildTheClassAre400ThenA500(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      Exchange exchange =
          ask(AlteredRequests.without(fresh(axon), "bt_header_input_obj_dummy_input"));

      if (generation == SDK_6_9) {
        assertError(exchange, Outcome.AXON_ERROR, 400, "Improperly formatted request.");
      } else {
        assertError(exchange, Outcome.AXON_ERROR, 500, NUMBERED);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aBlacklistedKeyIs403(AxonGeneration generation) throws InterruptedException {
    try (GenerationAxon axon = axon(generation, Behaviour.BLACKLISTS)) {
      assertError(
          ask(fresh(axon)),
          Outcome.REFUSED,
          403,
          "Forbidden. Key is blacklisted: too little stake.");
    }
  }

  @ParameterizedTest
  @CsvSource({"SDK_6_9, 503", "SDK_7_2, 408", "SDK_7_4, 408", "SDK_9_3, 408"})
  void aPriorityTimeoutIs503ThenA408(AxonGeneration generation, int status)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation, Behaviour.PRIORITY_TIMES_OUT)) {
      assertError(ask(fresh(axon)), Outcome.AXON_ERROR, status, "Response timeout after: 12.0s");
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aChangedBodyIs500(AxonGeneration generation) throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      assertError(
          ask(AlteredRequests.replacing(fresh(axon), "\"dummy_input\":7", "\"dummy_input\":8")),
          Outcome.AXON_ERROR,
          500,
          generation == SDK_6_9 ? "Internal server error with error: Hash mismatch" : NUMBERED);
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void anEmptyBodyIs500(AxonGeneration generation) throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      assertErrorSaid(
          ask(AlteredRequests.withoutBody(fresh(axon))),
          Outcome.AXON_ERROR,
          500,
          generation == SDK_6_9 ? "Internal server error with error: Expecting value" : NUMBERED);
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aReasonOfTwoLinesIsADroppedConnection(AxonGeneration generation)
      throws InterruptedException {
    for (Behaviour behaviour :
        List.of(Behaviour.BLACKLISTS_IN_TWO_LINES, Behaviour.VERIFIES_IN_TWO_LINES)) {
      try (GenerationAxon axon = axon(generation, behaviour)) {
        assertDropped(ask(fresh(axon)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aReasonThatIsNotLatin1IsABare500(AxonGeneration generation) throws InterruptedException {
    for (Behaviour behaviour :
        List.of(Behaviour.BLACKLISTS_IN_GREEK, Behaviour.VERIFIES_IN_GREEK)) {
      try (GenerationAxon axon = axon(generation, behaviour)) {
        Exchange exchange = ask(fresh(axon));

        assertThat(exchange.outcome()).as(exchange.detail()).isEqualTo(Outcome.AXON_ERROR);
        assertThat(exchange.httpStatus()).isEqualTo(500);
        assertThat(exchange.headers().keySet()).noneMatch(name -> name.startsWith("bt_header_"));
        assertThat(replyOf(exchange).claimedStatusCode()).isNull();
        assertThat(exchange.view().statusCode()).isEqualTo(422);
        assertThat(exchange.view().statusMessage()).contains("unexpected mimetype: text/plain");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void anExceptionOfTheSdksKindKeepsItsTextAndCodeSince72(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation, Behaviour.RAISES_ITS_OWN)) {
      if (generation == SDK_6_9) {
        assertError(
            ask(fresh(axon)),
            Outcome.AXON_ERROR,
            500,
            "Internal server error with error: Quota used up");
      } else {
        assertError(ask(fresh(axon)), Outcome.AXON_ERROR, 429, "Quota used up");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aWrongTypeInTheBodyIsADroppedConnectionThenA500(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      Exchange exchange =
          ask(AlteredRequests.replacing(fresh(axon), "\"dummy_input\":7", "\"dummy_input\":\"x\""));

      if (generation == SDK_6_9) {
        assertDropped(exchange);
      } else {
        assertError(exchange, Outcome.AXON_ERROR, 500, NUMBERED);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aFailureInForwardIs500(AxonGeneration generation) throws InterruptedException {
    try (GenerationAxon axon = axon(generation, Behaviour.RAISES)) {
      assertError(
          ask(fresh(axon)),
          Outcome.AXON_ERROR,
          500,
          generation == SDK_6_9 ? "Internal server error with error: out of memory" : NUMBERED);
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void aFailureOfTwoLinesIsADroppedConnectionThenA500(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation, Behaviour.RAISES_TWO_LINES)) {
      if (generation == SDK_6_9) {
        assertDropped(ask(fresh(axon)));
      } else {
        assertError(ask(fresh(axon)), Outcome.AXON_ERROR, 500, NUMBERED);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AxonGeneration.class)
  void malformedJsonIsA422ThatOldAxonsCallASuccess(AxonGeneration generation)
      throws InterruptedException {
    try (GenerationAxon axon = axon(generation)) {
      Exchange exchange =
          ask(AlteredRequests.replacing(fresh(axon), "\"dummy_input\":7", "\"dummy_input\":"));

      assertThat(exchange.outcome())
          .as("what was observed, not what the axon claims")
          .isEqualTo(Outcome.AXON_ERROR);
      assertThat(exchange.httpStatus()).isEqualTo(422);
      boolean old = generation == SDK_6_9;
      assertThat(replyOf(exchange).claimedStatusCode()).isEqualTo(old ? 200 : null);
      assertThat(exchange.view())
          .isEqualTo(old ? new DendriteView(200, "Success") : new DendriteView(422, null));
    }
  }
}
