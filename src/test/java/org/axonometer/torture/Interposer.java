package org.axonometer.torture;

import java.sql.SQLException;

/** What stands between a program and its database driver; by itself it changes nothing. */
interface Interposer {

  /** The address that is connected to. */
  default String url(String url) {
    return url;
  }

  /** The statement that is prepared or executed. */
  default String sql(String sql) {
    return sql;
  }

  /** Makes the call, or does something else. */
  default Object call(DriverCall call) throws SQLException {
    return call.proceed();
  }

  /** In a process where others have databases too: what this one does to one database only. */
  static Interposer in(String database, Interposer does) {
    return new Interposer() {
      @Override
      public Object call(DriverCall call) throws SQLException {
        return call.isTo(database) ? does.call(call) : call.proceed();
      }
    };
  }
}
