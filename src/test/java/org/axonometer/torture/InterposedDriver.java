package org.axonometer.torture;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/**
 * A driver in place of H2's and PostgreSQL's own: it hands every call to them, through an {@link
 * Interposer}. The program finds it as it finds any driver, so nothing in the program knows of it.
 */
final class InterposedDriver implements Driver {
  private static final Method CONNECT = connect();

  private final List<Driver> real = List.of(new org.h2.Driver(), new org.postgresql.Driver());
  private final Interposer interposer;

  private InterposedDriver(Interposer interposer) {
    this.interposer = interposer;
  }

  private static Method connect() {
    try {
      return Driver.class.getMethod("connect", String.class, Properties.class);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Takes the place of the real ones, from now on. Others in this process may be connecting: there
   * is a driver at every moment.
   */
  static InterposedDriver install(Interposer interposer) throws SQLException {
    var driver = new InterposedDriver(interposer);
    DriverManager.registerDriver(driver);
    org.h2.Driver.unload();
    if (org.postgresql.Driver.isRegistered()) {
      org.postgresql.Driver.deregister();
    }
    return driver;
  }

  /** Gives it back to them. */
  void uninstall() throws SQLException {
    org.h2.Driver.load();
    org.postgresql.Driver.register();
    DriverManager.deregisterDriver(this);
  }

  @Override
  public Connection connect(String url, Properties settings) throws SQLException {
    String wanted = interposer.url(url);
    for (Driver driver : real) {
      if (driver.acceptsURL(wanted)) {
        var call =
            new DriverCall(
                wanted, null, Set.of(), "", driver, CONNECT, Arrays.asList(wanted, settings));
        return new Interposed(wanted, (Connection) interposer.call(call)).connection();
      }
    }
    return null;
  }

  /** A connection of the driver's own, and what was done in its transaction. */
  private final class Interposed {
    private final String url;
    private final Connection connection;
    private final Set<String> transaction = ConcurrentHashMap.newKeySet();

    Interposed(String url, Connection connection) {
      this.url = url;
      this.connection = connection;
    }

    Connection connection() {
      return proxy(Connection.class, this::onConnection);
    }

    private Object onConnection(Object proxy, Method method, Object[] arguments)
        throws SQLException {
      List<Object> changed = withSql(arguments, method.getName().startsWith("prepare"));
      var call = new DriverCall(url, connection, transaction, "", connection, method, changed);
      if (call.counts()) {
        Object done = interposer.call(call);
        transaction.clear();
        return done;
      }
      String sql = changed.isEmpty() ? "" : String.valueOf(changed.getFirst());
      return switch (call.proceed()) {
        case CallableStatement made -> made;
        case PreparedStatement made -> statement(PreparedStatement.class, made, sql);
        case Statement made -> statement(Statement.class, made, "");
        case null -> null;
        case Object made -> made;
      };
    }

    private <T extends Statement> T statement(Class<T> type, T made, String prepared) {
      return proxy(
          type,
          (proxy, method, arguments) -> {
            boolean saysSql = prepared.isEmpty() && method.getName().startsWith("execute");
            List<Object> changed = withSql(arguments, saysSql);
            String sql =
                saysSql && !changed.isEmpty() ? String.valueOf(changed.getFirst()) : prepared;
            var call = new DriverCall(url, connection, transaction, sql, made, method, changed);
            Object done = interposer.call(call);
            if (call.executes()) {
              transaction.add(sql);
            }
            return done;
          });
    }

    private List<Object> withSql(Object[] arguments, boolean firstIsSql) {
      if (arguments == null) {
        return List.of();
      }
      List<Object> changed = Arrays.asList(arguments.clone());
      if (firstIsSql && !changed.isEmpty()) {
        changed.set(0, interposer.sql(String.valueOf(changed.getFirst())));
      }
      return changed;
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            InterposedDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public boolean acceptsURL(String url) throws SQLException {
    for (Driver driver : real) {
      if (driver.acceptsURL(url)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties settings) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }
}
