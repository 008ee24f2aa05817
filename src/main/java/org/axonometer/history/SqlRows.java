package org.axonometer.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator's statement answered.
 *
 * @param columns their names in lower case
 * @param rows values in the order of the columns: Long, BigDecimal, Double, Boolean, text, or null;
 *     instants as ISO 8601 in UTC, bytes in hexadecimal
 * @param cut whether there were more rows than asked for
 */
public record SqlRows(List<String> columns, List<List<@Nullable Object>> rows, boolean cut) {

  public SqlRows {
    columns = List.copyOf(columns);
    rows = Collections.unmodifiableList(new ArrayList<>(rows));
  }
}
