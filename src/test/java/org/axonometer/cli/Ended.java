package org.axonometer.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command that ran in this process: how it ended and what it said. */
record Ended(int exitCode, String out, String err) {

  static Ended of(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine program = Axonometer.commandLine();
    program.setOut(new PrintWriter(out));
    program.setErr(new PrintWriter(err));
    int exitCode = program.execute(arguments);
    return new Ended(exitCode, out.toString(), err.toString());
  }
}
