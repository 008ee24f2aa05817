package org.axonometer.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A history in H2's file.
 *
 * @param server serves it to other processes; null unless this process owns it
 * @param ownerFile tells them how; null unless this process owns it
 */
record H2Engine(
    Path folder, ReaderAccount reader, @Nullable Server server, @Nullable Path ownerFile)
    implements Engine {

  @Override
  public Migrations migrations() {
    return Migrations.H2;
  }

  @Override
  public Connection readerConnection(DataSource owner) throws SQLException {
    return reader.connect(owner);
  }

  @Override
  public void checkpoint(JdbcClient jdbc) {
    try {
      jdbc.sql("CHECKPOINT SYNC").update();
    } catch (DataAccessException e) {
      throw new HistoryException("the database failed: " + FailureText.cause(e), e);
    }
  }

  @Override
  public void checkpointSeals(JdbcClient jdbc) {
    long newest = SealMark.newest(jdbc);
    checkpoint(jdbc);
    new SealMark(folder).note(newest);
  }

  @Override
  public void openBodies(JdbcClient jdbc, long roundId) {}

  @Override
  public long dropBodies(JdbcClient jdbc, Gone wanted) {
    return 0;
  }

  @Override
  public void requireSettings(Connection connection) throws SQLException {
    H2File.requireSettings(connection, folder);
  }

  @Override
  public String place() {
    return folder.toString();
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop();
    }
    try {
      if (ownerFile != null) {
        Files.deleteIfExists(ownerFile);
      }
    } catch (IOException e) {
      // A left-over owner file names a process that is gone; the next owner replaces it.
    }
  }
}
