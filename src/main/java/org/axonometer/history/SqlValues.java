package org.axonometer.history;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** The values of a statement's parameters; knows which of them the statement asked for. */
final class SqlValues implements SqlParameterSource {
  private final Map<String, String> values;
  private final Set<String> unused;

  SqlValues(Map<String, String> values) {
    this.values = Map.copyOf(values);
    this.unused = new TreeSet<>(values.keySet());
  }

  @Override
  public boolean hasValue(String name) {
    return values.containsKey(name);
  }

  @Override
  public Object getValue(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new SqlException(
          "the statement needs a value for :%s; give it with --set %s=…".formatted(name, name));
    }
    unused.remove(name);
    return value;
  }

  /** A value nobody asked for is a misspelt name. */
  void requireAllUsed() {
    if (!unused.isEmpty()) {
      throw new SqlException(
          "the statement has no :%s; its parameters are %s"
              .formatted(unused.iterator().next(), new TreeSet<>(used())));
    }
  }

  private Set<String> used() {
    Set<String> used = new TreeSet<>(values.keySet());
    used.removeAll(unused);
    return used;
  }
}
