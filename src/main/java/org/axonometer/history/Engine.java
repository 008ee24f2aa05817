package org.axonometer.history;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What differs between the kinds of database a history lives in. */
sealed interface Engine extends AutoCloseable permits H2Engine, PostgresEngine {

  /** The steps to this version's tables. */
  Migrations migrations();

  /** A connection outside the pool, as a user that can only SELECT. */
  Connection readerConnection(DataSource owner) throws SQLException;

  /** Makes what is committed survive a power cut as well as a kill. */
  void checkpoint(JdbcClient jdbc);

  /** As {@link #checkpoint}; where a database may lose its newest seal unnoticed, that is noted. */
  void checkpointSeals(JdbcClient jdbc);

  /** Makes room for the bodies of a round; in the transaction that opens it. */
  void openBodies(JdbcClient jdbc, long roundId);

  /**
   * Drops the room of bodies of rounds that nobody wants any more, as far as that is cheaper than
   * deleting them; runs in the caller's transaction.
   *
   * @param wanted says of a round whether its bodies may go
   * @return how many bodies went
   */
  long dropBodies(JdbcClient jdbc, Gone wanted);

  /** Which rounds' bodies may go. */
  interface Gone {
    boolean mayGo(long roundId);
  }

  /**
   * Refuses a database that would lose committed rows.
   *
   * @throws HistoryException when one of its settings is not as it must be
   */
  void requireSettings(Connection connection) throws SQLException;

  /** Where it is, for messages. */
  String place();

  @Override
  void close();
}
