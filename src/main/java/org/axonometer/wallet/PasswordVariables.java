package org.axonometer.wallet;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Passwords in the environment: {@code BT_PW_} and the key file's path holds Base64 of the password
 * XOR the variable's own name, repeated; {@code BT_COLD_PW_} and the name of the folder around the
 * file, as the SDK 7 looked it up for hotkeys too, holds the plain password.
 */
record PasswordVariables(Function<String, Optional<String>> variables) implements PasswordSource {

  @Override
  public Optional<KeyPassword> passwordOf(Path keyFile) {
    String name = nameFor(keyFile);
    Optional<String> hidden = variables.apply(name);
    if (hidden.isPresent()) {
      return Optional.of(decoded(name, hidden.get()));
    }
    return variables
        .apply(olderNameFor(keyFile))
        .map(plain -> KeyPassword.owning(plain.getBytes(StandardCharsets.UTF_8)));
  }

  /** The variable that bittensor-wallet 2.0.2 and newer read for this file. */
  static String nameFor(Path keyFile) {
    return "BT_PW_"
        + keyFile.toString().replace('/', '_').replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private static String olderNameFor(Path keyFile) {
    Path parent = keyFile.getParent();
    String folder = parent == null ? "" : String.valueOf(parent.getFileName());
    return "BT_COLD_PW_" + folder.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  private static KeyPassword decoded(String name, String value) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(value.strip());
    } catch (IllegalArgumentException _) {
      throw new WalletException(
          "variable "
              + name
              + ": is not Base64; set it as bittensor-wallet's save_password_to_env does, or use a password file");
    }
    byte[] mask = name.getBytes(StandardCharsets.UTF_8);
    byte[] utf8 = new byte[bytes.length];
    for (int at = 0; at < bytes.length; at++) {
      utf8[at] = (byte) (bytes[at] ^ mask[at % mask.length]);
    }
    Arrays.fill(bytes, (byte) 0);
    return KeyPassword.owning(utf8);
  }
}
