package org.axonometer.wallet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * The {@code $NACL} form: those five letters, a 24-byte nonce, a 16-byte Poly1305 tag, the
 * ciphertext. The key is Argon2i 1.3 of the password with the salt every wallet has and libsodium's
 * SENSITIVE limits: 8 passes over 512 MiB, one lane.
 */
final class NaclBox {

  private static final byte[] START = "$NACL".getBytes(StandardCharsets.US_ASCII);
  private static final int NONCE_BYTES = 24;
  private static final int TAG_BYTES = 16;
  private static final int HEAD_BYTES = START.length + NONCE_BYTES + TAG_BYTES;
  private static final int KEY_BYTES = 32;

  private static final byte[] SALT = HexFormat.of().parseHex("137183dff15a09bc9c90b5518739e9b1");
  private static final int PASSES = 8;
  private static final int MEMORY_KIB = 512 * 1024;

  /** Argon2's 512 MiB, its objects' heads, and something for everybody else. */
  private static final long HEAP_MIB = 640;

  private static final SecureRandom RANDOM = new SecureRandom();

  private NaclBox() {}

  static byte[] open(byte[] content, byte[] password) throws KeyContentException {
    if (content.length < HEAD_BYTES) {
      throw Encryption.NACL.damaged("is cut off");
    }
    byte[] nonce = Arrays.copyOfRange(content, START.length, START.length + NONCE_BYTES);
    byte[] tag = Arrays.copyOfRange(content, START.length + NONCE_BYTES, HEAD_BYTES);
    byte[] text = Arrays.copyOfRange(content, HEAD_BYTES, content.length);
    byte[] key = key(password);
    try {
      XSalsa20Engine stream = new XSalsa20Engine();
      byte[] tagKey = start(stream, key, nonce);
      if (!MessageDigest.isEqual(tag, tag(tagKey, text))) {
        throw Encryption.NACL.notOpened();
      }
      byte[] plain = new byte[text.length];
      stream.processBytes(text, 0, text.length, plain, 0);
      return plain;
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  static byte[] seal(byte[] plain, byte[] password) throws KeyContentException {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] key = key(password);
    try {
      XSalsa20Engine stream = new XSalsa20Engine();
      byte[] tagKey = start(stream, key, nonce);
      byte[] text = new byte[plain.length];
      stream.processBytes(plain, 0, plain.length, text, 0);
      return ByteBuffer.allocate(HEAD_BYTES + text.length)
          .put(START)
          .put(nonce)
          .put(tag(tagKey, text))
          .put(text)
          .array();
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Refuses at once what would end the process for lack of memory seconds later. */
  static void requireHeap(long heapBytes) throws KeyContentException {
    long heapMib = heapBytes >> 20;
    if (heapMib < HEAP_MIB) {
      throw new KeyContentException(
          "needs %d MiB of heap for its $NACL encryption and this process may use %d; start it with AXONOMETER_JAVA_OPTS=-Xmx1g"
              .formatted(HEAP_MIB, heapMib));
    }
  }

  private static byte[] key(byte[] password) throws KeyContentException {
    requireHeap(Runtime.getRuntime().maxMemory());
    var argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_i)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withIterations(PASSES)
            .withMemoryAsKB(MEMORY_KIB)
            .withParallelism(1)
            .withSalt(SALT)
            .build());
    byte[] key = new byte[KEY_BYTES];
    argon2.generateBytes(password, key);
    return key;
  }

  /** The one-time key of the tag is the stream's first 32 bytes. */
  private static byte[] start(XSalsa20Engine stream, byte[] key, byte[] nonce) {
    stream.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    byte[] tagKey = new byte[KEY_BYTES];
    stream.processBytes(tagKey, 0, KEY_BYTES, tagKey, 0);
    return tagKey;
  }

  private static byte[] tag(byte[] tagKey, byte[] text) {
    Poly1305 poly1305 = new Poly1305();
    poly1305.init(new KeyParameter(tagKey));
    Arrays.fill(tagKey, (byte) 0);
    poly1305.update(text, 0, text.length);
    byte[] tag = new byte[TAG_BYTES];
    poly1305.doFinal(tag, 0);
    return tag;
  }
}
