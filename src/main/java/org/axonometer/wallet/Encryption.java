package org.axonometer.wallet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** How a key file is encrypted, recognised by its first bytes (protocol 8.4). */
public enum Encryption {
  /** Argon2i with 512 MiB and XSalsa20-Poly1305: what bittensor-wallet writes. */
  NACL("$NACL"),
  /** Ansible vault 1.1: what the SDK wrote before. */
  ANSIBLE_VAULT("$ANSIBLE_VAULT"),
  /** A Fernet token: the oldest form. */
  FERNET("gAAAAA");

  private final String start;

  Encryption(String start) {
    this.start = start;
  }

  /** The content's encryption; empty when it is not encrypted. */
  static Optional<Encryption> of(byte[] content) {
    return Arrays.stream(values()).filter(each -> startsWith(content, each.start)).findFirst();
  }

  static boolean startsWith(byte[] content, String start) {
    byte[] bytes = start.getBytes(StandardCharsets.US_ASCII);
    return content.length >= bytes.length
        && Arrays.equals(content, 0, bytes.length, bytes, 0, bytes.length);
  }

  /** The plain content, for the caller to wipe. Takes seconds for {@link #NACL} and FERNET. */
  byte[] decrypt(byte[] content, byte[] password) throws KeyContentException {
    return switch (this) {
      case NACL -> NaclBox.open(content, password);
      case ANSIBLE_VAULT -> AnsibleVault.open(content, password);
      case FERNET -> FernetToken.open(content, password);
    };
  }

  KeyContentException damaged(String how) {
    return new KeyContentException(
        "is encrypted (%s) but %s; restore this key file from a backup".formatted(start, how));
  }

  /** No form tells a wrong password from a changed file. */
  KeyContentException notOpened() {
    return new KeyContentException(
        "is encrypted (%s) and the password does not open it: the password is wrong or the file is damaged"
            .formatted(start));
  }

  /** As it begins in the file. */
  @Override
  public String toString() {
    return start;
  }
}
