package org.axonometer.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonometer.history.Database;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The kinds of database a history must behave the same in. */
public enum TestStorage {
  H2 {
    @Override
    public Database own(Path home) {
      Database.bindToLoopback();
      return Database.own(home);
    }
  },
  POSTGRESQL {
    @Override
    public Database own(Path home) {
      return MADE.computeIfAbsent(home, none -> TestPostgres.create()).open();
    }
  };

  private static final Map<Path, TestPostgres> MADE = new ConcurrentHashMap<>();

  /** Lets a test change what the database itself would refuse to change. */
  public void unguard(Database database) {
    if (this == POSTGRESQL) {
      for (String table : List.of("round", "target", "synapse_history", "scoring_input", "seal")) {
        JdbcClient.create(database.dataSource())
            .sql("ALTER TABLE " + table + " DISABLE TRIGGER USER")
            .update();
      }
    }
  }

  /** Opens the database of this home, new and empty at the first time. */
  public abstract Database own(Path home);
}
