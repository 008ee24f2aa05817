package org.axonometer.torture;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * One call of the program to its database driver, before it is made.
 *
 * @param url what the connection is to
 * @param connection the driver's own; null while there is none yet
 * @param transaction the statements executed on it since its last commit or rollback
 * @param sql the statement's text; empty for a call on the connection itself
 * @param arguments of the call, null where one is null
 */
record DriverCall(
    String url,
    Connection connection,
    Set<String> transaction,
    String sql,
    Object target,
    Method method,
    List<Object> arguments) {

  /** Makes the call. */
  Object proceed() throws SQLException {
    try {
      return method.invoke(target, arguments.toArray());
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case SQLException failed -> throw failed;
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Whether it is to this database.
   *
   * @param database the end of its address, options left out
   */
  boolean isTo(String database) {
    return url.split("[;?]", 2)[0].endsWith(database);
  }

  boolean executes() {
    return method.getName().startsWith("execute");
  }

  boolean commits() {
    return method.getName().equals("commit");
  }

  boolean connects() {
    return target instanceof Driver;
  }

  /** Whether it ends the connection; a statement's end is not one. */
  boolean disconnects() {
    return target instanceof Connection && method.getName().equals("close");
  }

  /** Whether it goes to the database, as the fetching of rows and the setting of values do not. */
  boolean counts() {
    return executes()
        || commits()
        || connects()
        || disconnects()
        || method.getName().equals("rollback");
  }
}
