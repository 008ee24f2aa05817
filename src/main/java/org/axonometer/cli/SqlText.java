package org.axonometer.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement and the values its parameters have unless told otherwise. In a file each such value
 * stands on a line of its own: {@code -- set name=value}.
 */
record SqlText(String sql, Map<String, String> defaults) {
  private static final long MAX_FILE_BYTES = 1_048_576;
  private static final Pattern DEFAULT =
      Pattern.compile("(?m)^-- set ([A-Za-z_][A-Za-z0-9_]*)=(.*)$");

  SqlText {
    defaults = Map.copyOf(defaults);
  }

  /** A file where the argument is one word that ends in {@code .sql}, else the statement itself. */
  static SqlText of(String argument) {
    boolean named = argument.endsWith(".sql") && argument.lines().count() == 1;
    return named ? read(Path.of(argument)) : parse(argument);
  }

  static SqlText parse(String text) {
    if (text.isBlank()) {
      throw new CommandException("there is no statement; give one, or the path of a .sql file");
    }
    Map<String, String> defaults = new LinkedHashMap<>();
    Matcher lines = DEFAULT.matcher(text);
    while (lines.find()) {
      defaults.put(lines.group(1), lines.group(2).strip());
    }
    return new SqlText(text, defaults);
  }

  private static SqlText read(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new CommandException(file + " is larger than 1 MiB");
      }
      return parse(Files.readString(file));
    } catch (MalformedInputException e) {
      throw new CommandException(file + " is not UTF-8 text", e);
    } catch (IOException e) {
      throw new CommandException(file + " cannot be read", e);
    }
  }

  /** The values to bind: those given over those of the file. */
  Map<String, String> values(Map<String, String> given) {
    Map<String, String> values = new LinkedHashMap<>(defaults);
    values.putAll(given);
    return values;
  }
}
