package org.axonometer.sr25519;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MerlinTranscriptTest {

  @Test
  void givesTheChallengeOfThePublishedTestProtocol() {
    MerlinTranscript transcript = MerlinTranscript.of("test protocol");
    transcript.append("some label", "some data".getBytes(US_ASCII));
    assertThat(transcript.challenge("challenge", 32))
        .asHexString()
        .isEqualToIgnoringCase("d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615");
  }

  @Test
  void forksWithoutTouchingTheOriginal() {
    MerlinTranscript original = MerlinTranscript.of("fork");
    MerlinTranscript fork = original.copy();
    fork.append("more", new byte[300]);
    assertThat(original.copy().challenge("c", 16))
        .isEqualTo(MerlinTranscript.of("fork").challenge("c", 16))
        .isNotEqualTo(fork.challenge("c", 16));
  }

  @Test
  void framesMessagesSoThatTheirBordersCount() {
    MerlinTranscript one = MerlinTranscript.of("borders");
    one.append("a", new byte[] {1, 2});
    one.append("a", new byte[] {3});
    MerlinTranscript other = MerlinTranscript.of("borders");
    other.append("a", new byte[] {1});
    other.append("a", new byte[] {2, 3});
    assertThat(one.challenge("c", 32)).isNotEqualTo(other.challenge("c", 32));
  }

  @Test
  void drawsAWitnessFromTranscriptSecretAndRandomness() {
    byte[] secret = {1};
    byte[] random = {2};
    byte[] witness = MerlinTranscript.of("w").witness("signing", secret, random, 64);
    assertThat(MerlinTranscript.of("w").witness("signing", secret, random, 64)).isEqualTo(witness);
    assertThat(MerlinTranscript.of("v").witness("signing", secret, random, 64))
        .isNotEqualTo(witness);
    assertThat(MerlinTranscript.of("w").witness("signing", random, random, 64))
        .isNotEqualTo(witness);
    assertThat(MerlinTranscript.of("w").witness("signing", secret, secret, 64))
        .isNotEqualTo(witness);
  }

  @Test
  void leavesTheTranscriptAloneWhenDrawingAWitness() {
    MerlinTranscript transcript = MerlinTranscript.of("w");
    transcript.witness("signing", new byte[32], new byte[32], 64);
    assertThat(transcript.challenge("c", 32))
        .isEqualTo(MerlinTranscript.of("w").challenge("c", 32));
  }

  @Test
  void refusesToContinueAnotherOperation() {
    Strobe128 strobe = Strobe128.of("p");
    assertThatThrownBy(() -> strobe.data(new byte[1], true))
        .isInstanceOf(IllegalStateException.class);
  }
}
