package org.axonometer.torture;

/**
 * A place in the life of a round where a process may die, told from the statements it sends to its
 * database. P5, the first byte of a query, is not among them: the park of axons knows it.
 */
enum CrashPoint {
  /** Before the round is opened. */
  P0(When.BEFORE, "FROM snapshot WHERE sha256"),
  /** The round is written, its targets are not. */
  P1(When.BEFORE, "INSERT INTO target ("),
  /** The round is open. */
  P2(When.COMMITTED, "INSERT INTO target ("),
  /** The batch job has an instance and no execution. */
  BATCH(When.BEFORE, "JOB_EXECUTION(JOB_EXECUTION_ID, JOB_INSTANCE_ID"),
  /** Intents are written and not committed. */
  P3(When.AFTER, "INSERT INTO synapse_history ("),
  /** Intents are committed, nothing was sent. */
  P4(When.COMMITTED, "INSERT INTO synapse_history ("),
  /** Answers are there and not stored. */
  P6(When.BEFORE, "SET state = 'DONE'"),
  /** Answers are written and not committed. */
  P7(When.AFTER, "SET state = 'DONE'"),
  /** Answers are stored. */
  P8(When.COMMITTED, "SET state = 'DONE'"),
  /** Scoring inputs are written, the seal is not. */
  P9(When.AFTER, "INSERT INTO scoring_input ("),
  /** The round is sealed, nobody was told. */
  P10(When.COMMITTED, "INSERT INTO seal ("),
  /** A migration is made and not noted. */
  P11(When.BEFORE, "\"flyway_schema_history\" ("),
  /** A migration is made in part: a table of it is next. */
  P12(When.BEFORE, "CREATE TABLE "),
  /** The claim is about to look whether the round is still its own. */
  CLAIM(When.BEFORE, "owner_host", "org.axonometer.history.RoundStore", "claim");

  private enum When {
    BEFORE,
    AFTER,
    COMMITTED
  }

  private final When when;
  private final String mark;
  private final String inClass;
  private final String inMethod;

  CrashPoint(When when, String mark) {
    this(when, mark, "", "");
  }

  CrashPoint(When when, String mark, String inClass, String inMethod) {
    this.when = when;
    this.mark = mark;
    this.inClass = inClass;
    this.inMethod = inMethod;
  }

  /** Whether the process is there just before this call. */
  boolean before(DriverCall call) {
    return when == When.BEFORE && call.executes() && marked(call.sql()) && inside();
  }

  /** Whether it is there once the call is made. */
  boolean after(DriverCall call) {
    return switch (when) {
      case BEFORE -> false;
      case AFTER -> call.executes() && marked(call.sql());
      case COMMITTED -> call.commits() && call.transaction().stream().anyMatch(this::marked);
    };
  }

  private boolean marked(String sql) {
    return sql.contains(mark) && (this != P11 || sql.startsWith("INSERT"));
  }

  private boolean inside() {
    return inClass.isEmpty() || isCalledBy(inClass, inMethod);
  }

  static boolean isCalledBy(String type, String method) {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.anyMatch(
                    frame ->
                        frame.getClassName().equals(type)
                            && frame.getMethodName().contains(method)));
  }
}
