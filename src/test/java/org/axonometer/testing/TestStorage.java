package org.axonometer.testing;

import java.nio.file.Path;
import org.axonometer.history.Database;

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
      return TestPostgres.create().own();
    }
  };

  /** Opens a new, empty database. */
  public abstract Database own(Path home);
}
