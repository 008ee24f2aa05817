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
}
