package org.axonometer.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.axonometer.dendrite.StreamFigures;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;

/** The columns of how a stream came, alike in every table: all null when none did. */
final class StreamColumns {
  private StreamColumns() {}

  static @Nullable StreamFigures of(ResultSet row) throws SQLException {
    Long firstChunkNanos = Rows.number(row, "first_chunk_nanos");
    Integer chunks = Rows.integer(row, "chunks");
    if (firstChunkNanos == null || chunks == null) {
      return null;
    }
    double share = row.getDouble("last_bytes_share");
    boolean noShare = row.wasNull();
    return new StreamFigures(
        firstChunkNanos,
        chunks,
        Rows.number(row, "gap_p50_nanos"),
        Rows.number(row, "gap_p95_nanos"),
        Rows.number(row, "gap_max_nanos"),
        noShare ? null : (Double) share);
  }

  static void add(@Nullable StreamFigures stream, MapSqlParameterSource columns) {
    columns
        .addValue("first_chunk", stream == null ? null : stream.firstChunkNanos())
        .addValue("chunks", stream == null ? null : stream.chunks())
        .addValue("gap_p50", stream == null ? null : stream.gapP50Nanos())
        .addValue("gap_p95", stream == null ? null : stream.gapP95Nanos())
        .addValue("gap_max", stream == null ? null : stream.gapMaxNanos())
        .addValue("last_bytes", stream == null ? null : stream.lastBytesShare());
  }
}
