package org.axonometer.wallet;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.axonometer.subnet.ForeignText;

/** The rules for the name of a wallet or hotkey, which is always one step of a path. */
final class KeyName {

  private static final int MOST_CHARACTERS = 200;
  private static final String PUBLIC_SUFFIX = "pub.txt";

  private KeyName() {}

  /** The name itself; WalletException, naming the root it was meant for, when it is none. */
  static String ofWallet(String name, Path root) {
    return checked("wallet", name, problem(name), root);
  }

  /** The name itself; WalletException, naming the root it was meant for, when it is none. */
  static String ofHotkey(String name, Path root) {
    return checked("hotkey", name, problem(name).or(() -> hotkeyProblem(name)), root);
  }

  /** Whether the name may stand for a wallet and for a hotkey. */
  static boolean isUsable(String name) {
    return problem(name).isEmpty() && hotkeyProblem(name).isEmpty();
  }

  private static String checked(String what, String name, Optional<String> problem, Path root) {
    if (problem.isPresent()) {
      throw new WalletException(
          root + ": the " + what + " name " + problem.get() + "; give the plain name of a " + what);
    }
    return name;
  }

  private static Optional<String> problem(String name) {
    if (name.isBlank()) {
      return Optional.of("is empty");
    }
    if (name.length() > MOST_CHARACTERS) {
      return Optional.of("has more than " + MOST_CHARACTERS + " characters");
    }
    if (name.equals(".") || name.equals("..")) {
      return Optional.of("is " + name);
    }
    if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
      return Optional.of("has a path separator");
    }
    if (name.codePoints().anyMatch(ForeignText::isHarmful)) {
      return Optional.of("has a control or format character");
    }
    return Optional.empty();
  }

  private static Optional<String> hotkeyProblem(String name) {
    if (name.endsWith(PUBLIC_SUFFIX)) {
      return Optional.of("ends with pub.txt: that is a public key file and cannot sign");
    }
    if (name.toLowerCase(Locale.ROOT).equals("coldkey")) {
      return Optional.of("is coldkey: coldkeys are never opened");
    }
    return Optional.empty();
  }
}
