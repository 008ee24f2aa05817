package org.axonometer.sr25519;

import java.nio.charset.StandardCharsets;

/**
 * A Merlin v1.0 transcript (https://merlin.cool): labelled messages go in, challenges that depend
 * on all of them come out. Labels are part of the protocol, so they are plain texts; lengths are
 * framed as 32-bit little-endian. Not thread-safe; {@link #copy()} forks.
 */
final class MerlinTranscript {

  private final Strobe128 strobe;

  private MerlinTranscript(Strobe128 strobe) {
    this.strobe = strobe;
  }

  /** A fresh transcript of one application protocol. */
  static MerlinTranscript of(String protocol) {
    MerlinTranscript fresh = new MerlinTranscript(Strobe128.of("Merlin v1.0"));
    fresh.append("dom-sep", protocol.getBytes(StandardCharsets.UTF_8));
    return fresh;
  }

  /** An independent copy of the transcript so far. */
  MerlinTranscript copy() {
    return new MerlinTranscript(strobe.copy());
  }

  /** Adds one message. */
  void append(String label, byte[] message) {
    frame(label, message.length);
    strobe.data(message, false);
  }

  /** Bytes the verifier could have chosen at random, were it asked at this point. */
  byte[] challenge(String label, int length) {
    frame(label, length);
    return strobe.output(length, false);
  }

  /**
   * Secret bytes only the prover can compute, of the transcript so far, the prover's secret and
   * fresh randomness. The transcript itself is left as it was.
   *
   * <p>Safe with a weak, repeated or even known {@code random}: without {@code secret} the output
   * cannot be told from noise, and as the messages are already part of the state, two transcripts
   * that differ never share an output. The randomness only adds protection against faults and
   * against replaying a signer that signs the same message twice.
   */
  byte[] witness(String label, byte[] secret, byte[] random, int length) {
    Strobe128 fork = strobe.copy();
    fork.metaData(label.getBytes(StandardCharsets.UTF_8), false);
    fork.metaData(littleEndian(secret.length), true);
    fork.key(secret, false);
    fork.metaData("rng".getBytes(StandardCharsets.US_ASCII), false);
    fork.key(random, false);
    fork.metaData(littleEndian(length), false);
    byte[] bytes = fork.output(length, false);
    fork.wipe();
    return bytes;
  }

  private void frame(String label, int length) {
    strobe.metaData(label.getBytes(StandardCharsets.UTF_8), false);
    strobe.metaData(littleEndian(length), true);
  }

  private static byte[] littleEndian(int length) {
    return new byte[] {
      (byte) length, (byte) (length >>> 8), (byte) (length >>> 16), (byte) (length >>> 24)
    };
  }
}
