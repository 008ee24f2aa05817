package org.axonometer.torture;

import java.lang.reflect.InvocationTargetException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Mistakes the program does not make, put into it to see that they are caught. Each is one that was
 * made before, by a prototype or by others.
 */
enum BrokenProgram {
  /** H2 with its own default: a commit is told before it is written. */
  LAZY_FILE {
    @Override
    Interposer over(Interposer plan) {
      return new Interposer() {
        @Override
        public String url(String url) {
          return plan.url(url).replace(";WRITE_DELAY=0", "");
        }

        @Override
        public String sql(String sql) {
          return sql.contains("setting_name = 'WRITE_DELAY'") ? "SELECT '0' AS setting_value" : sql;
        }

        @Override
        public Object call(DriverCall call) throws SQLException {
          // The checkpoint before each send would write it all the same.
          return call.executes() && call.sql().equals("CHECKPOINT SYNC") ? 0 : plan.call(call);
        }
      };
    }
  },

  /** The intent is written when the answer is there, as a step with HTTP inside it does. */
  LATE_INTENTS {
    @Override
    Interposer over(Interposer plan) {
      return new Interposer() {
        private final List<DriverCall> late = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Object call(DriverCall call) throws SQLException {
          if (call.sql().contains("INSERT INTO synapse_history (")) {
            return intent(call);
          }
          if (call.executes()
              && (call.sql().contains("SET state = 'RELEASED'")
                  || call.sql().contains("SET state = 'DONE'"))) {
            insertLate(call);
          }
          return plan.call(call);
        }

        private Object intent(DriverCall call) throws SQLException {
          String method = call.method().getName();
          if (method.startsWith("set") || method.equals("addBatch")) {
            late.add(call);
            return null;
          }
          if (method.equals("executeBatch")) {
            int[] one = new int[50];
            java.util.Arrays.fill(one, 1);
            return one;
          }
          return plan.call(call);
        }

        private void insertLate(DriverCall call) throws SQLException {
          List<DriverCall> now;
          synchronized (late) {
            now = List.copyOf(late);
            late.clear();
          }
          if (now.isEmpty()) {
            return;
          }
          try (PreparedStatement insert = call.connection().prepareStatement(now.get(0).sql())) {
            for (DriverCall kept : now) {
              kept.method().invoke(insert, kept.arguments().toArray());
            }
            insert.executeBatch();
          } catch (IllegalAccessException | InvocationTargetException e) {
            throw new SQLException(e);
          }
        }
      };
    }
  },

  /** A claim does not look whether the round is still ours. */
  UNFENCED_CLAIMS {
    @Override
    Interposer over(Interposer plan) {
      return new Interposer() {
        private volatile Object fence = 0;

        @Override
        public String url(String url) {
          return plan.url(url);
        }

        @Override
        public String sql(String sql) {
          return sql.contains("SELECT fence, state,")
                  && CrashPoint.isCalledBy("org.axonometer.history.RoundStore", "claim")
              ? sql.replace(
                  "SELECT fence, state,",
                  "SELECT CAST(%s AS BIGINT) AS fence, 'OPEN' AS state,".formatted(fence))
              : sql;
        }

        @Override
        public Object call(DriverCall call) throws SQLException {
          if (call.sql().contains("SET fence = ?")
              && call.method().getName().startsWith("set")
              && call.arguments().getFirst().equals(1)) {
            fence = call.arguments().get(1);
          }
          return plan.call(call);
        }
      };
    }
  };

  /** The mistake, and the plan beneath it. */
  abstract Interposer over(Interposer plan);
}
