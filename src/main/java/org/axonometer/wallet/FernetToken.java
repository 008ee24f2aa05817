package org.axonometer.wallet;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * The Fernet form: URL-safe Base64 of version (1 byte), time (8), IV (16), AES-128-CBC ciphertext,
 * HMAC-SHA256 (32) over all before it. The HMAC key and the AES key are the halves of 32 bytes of
 * PBKDF2-HMAC-SHA256 with ten million rounds and the salt every wallet has.
 */
final class FernetToken {

  private static final byte[] SALT =
      "Iguesscyborgslikemyselfhaveatendencytobeparanoidaboutourorigins"
          .getBytes(StandardCharsets.US_ASCII);
  private static final int ROUNDS = 10_000_000;
  private static final int HALF_KEY_BYTES = 16;
  private static final int BLOCK_BYTES = 16;
  private static final int HEAD_BYTES = 1 + 8 + BLOCK_BYTES;
  private static final int TAG_BYTES = 32;

  private FernetToken() {}

  static byte[] open(byte[] content, byte[] password) throws KeyContentException {
    byte[] token = token(content);
    int tagAt = token.length - TAG_BYTES;
    if (tagAt < HEAD_BYTES + BLOCK_BYTES || (tagAt - HEAD_BYTES) % BLOCK_BYTES != 0) {
      throw Encryption.FERNET.damaged("is cut off");
    }
    byte[] keys = Pbkdf2.derive(new SHA256Digest(), password, SALT, ROUNDS, 2 * HALF_KEY_BYTES);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(keys, 0, HALF_KEY_BYTES, "HmacSHA256"));
      mac.update(token, 0, tagAt);
      if (!MessageDigest.isEqual(Arrays.copyOfRange(token, tagAt, token.length), mac.doFinal())) {
        throw Encryption.FERNET.notOpened();
      }
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(keys, HALF_KEY_BYTES, HALF_KEY_BYTES, "AES"),
          new IvParameterSpec(token, HEAD_BYTES - BLOCK_BYTES, BLOCK_BYTES));
      return cipher.doFinal(token, HEAD_BYTES, tagAt - HEAD_BYTES);
    } catch (GeneralSecurityException e) {
      throw Encryption.FERNET.damaged("has a wrong padding");
    } finally {
      Arrays.fill(keys, (byte) 0);
    }
  }

  private static byte[] token(byte[] content) throws KeyContentException {
    try {
      return Base64.getUrlDecoder()
          .decode(new String(content, StandardCharsets.ISO_8859_1).strip());
    } catch (IllegalArgumentException _) {
      throw Encryption.FERNET.damaged("is cut off or changed");
    }
  }
}
