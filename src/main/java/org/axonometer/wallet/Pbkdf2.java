package org.axonometer.wallet;

import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/** PBKDF2 with HMAC over a password of bytes, which the platform's own takes as text only. */
final class Pbkdf2 {

  private Pbkdf2() {}

  /** The derived bytes, for the caller to wipe. */
  static byte[] derive(Digest digest, byte[] password, byte[] salt, int rounds, int bytes) {
    var generator = new PKCS5S2ParametersGenerator(digest);
    generator.init(password, salt, rounds);
    return ((KeyParameter) generator.generateDerivedParameters(bytes * Byte.SIZE)).getKey();
  }
}
