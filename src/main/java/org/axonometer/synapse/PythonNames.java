package org.axonometer.synapse;

import java.util.Set;
import java.util.regex.Pattern;

/** The names Python allows for classes and fields, ASCII only because they travel in headers. */
final class PythonNames {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");
  private static final Set<String> KEYWORDS =
      Set.of(
          "False",
          "None",
          "True",
          "and",
          "as",
          "assert",
          "async",
          "await",
          "break",
          "class",
          "continue",
          "def",
          "del",
          "elif",
          "else",
          "except",
          "finally",
          "for",
          "from",
          "global",
          "if",
          "import",
          "in",
          "is",
          "lambda",
          "nonlocal",
          "not",
          "or",
          "pass",
          "raise",
          "return",
          "try",
          "while",
          "with",
          "yield");

  private PythonNames() {}

  static void requireIdentifier(String what, String name) {
    if (!IDENTIFIER.matcher(name).matches() || KEYWORDS.contains(name)) {
      throw new IllegalArgumentException(
          what
              + " name is \""
              + name
              + "\"; write a Python identifier of at most 100 ASCII letters, digits and"
              + " underscores that is no keyword");
    }
  }

  /** A name pydantic takes as a field: what begins with an underscore is private to the class. */
  static void requireFieldName(String name) {
    requireIdentifier("field", name);
    if (name.startsWith("_")) {
      throw new IllegalArgumentException(
          "field name is \"" + name + "\"; a leading underscore makes it private in pydantic");
    }
  }
}
