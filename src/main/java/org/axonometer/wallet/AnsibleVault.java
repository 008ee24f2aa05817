package org.axonometer.wallet;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * The Ansible vault form, version 1.1: a header line, then hexadecimal lines of the text {@code
 * hex(salt) LF hex(HMAC) LF hex(ciphertext)}. 80 bytes of PBKDF2-HMAC-SHA256 are the AES-256 key,
 * the HMAC key and the counter's start; the content is AES-CTR with PKCS#7 padding.
 */
final class AnsibleVault {

  private static final String HEADER = "$ANSIBLE_VAULT;1.1;AES256";
  private static final int ROUNDS = 10_000;
  private static final int KEY_BYTES = 32;
  private static final int BLOCK_BYTES = 16;

  private AnsibleVault() {}

  static byte[] open(byte[] content, byte[] password) throws KeyContentException {
    List<byte[]> parts = parts(content);
    byte[] keys =
        Pbkdf2.derive(
            new SHA256Digest(), password, parts.get(0), ROUNDS, 2 * KEY_BYTES + BLOCK_BYTES);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(keys, KEY_BYTES, KEY_BYTES, "HmacSHA256"));
      if (!MessageDigest.isEqual(parts.get(1), mac.doFinal(parts.get(2)))) {
        throw Encryption.ANSIBLE_VAULT.notOpened();
      }
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(keys, 0, KEY_BYTES, "AES"),
          new IvParameterSpec(keys, 2 * KEY_BYTES, BLOCK_BYTES));
      return withoutPadding(cipher.doFinal(parts.get(2)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES and HMAC-SHA-256", e);
    } finally {
      Arrays.fill(keys, (byte) 0);
    }
  }

  private static List<byte[]> parts(byte[] content) throws KeyContentException {
    List<String> lines = new String(content, StandardCharsets.ISO_8859_1).lines().toList();
    if (!lines.getFirst().strip().equals(HEADER)) {
      throw Encryption.ANSIBLE_VAULT.damaged("not as version 1.1 with AES256");
    }
    try {
      byte[] text = HexFormat.of().parseHex(String.join("", lines.subList(1, lines.size())));
      List<byte[]> parts =
          new String(text, StandardCharsets.ISO_8859_1)
              .lines()
              .map(HexFormat.of()::parseHex)
              .toList();
      if (parts.size() == 3 && parts.get(2).length % BLOCK_BYTES == 0) {
        return parts;
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    throw Encryption.ANSIBLE_VAULT.damaged("is cut off or changed");
  }

  private static byte[] withoutPadding(byte[] padded) throws KeyContentException {
    int count = padded.length == 0 ? 0 : padded[padded.length - 1];
    if (count < 1 || count > BLOCK_BYTES) {
      throw Encryption.ANSIBLE_VAULT.damaged("has a wrong padding");
    }
    byte[] plain = Arrays.copyOf(padded, padded.length - count);
    Arrays.fill(padded, (byte) 0);
    return plain;
  }
}
