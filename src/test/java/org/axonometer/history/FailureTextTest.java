package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class FailureTextTest {

  private final Exception failure =
      new IllegalStateException(
          "storing failed",
          new IllegalArgumentException(
              "PreparedStatementCallback; SQL [UPDATE t\n   SET a = ?]; wrong",
              new SQLException(
                  "Check constraint violation: \"NO_SUCH\"; SQL statement:\nUPDATE t\n   SET a = ? [23513-240]")));

  @Test
  void isTheInnermostCauseWithoutItsStatement() {
    assertThat(FailureText.innermost(failure)).isEqualTo("Check constraint violation: \"NO_SUCH\"");
    assertThat(FailureText.innermost(new IllegalStateException()))
        .isEqualTo("IllegalStateException");
  }

  @Test
  void saysWhatIsWrongWithAFileWhoseMessageIsItsPathAlone() {
    assertThat(FailureText.innermost(new UncheckedIOException(new NoSuchFileException("/gone"))))
        .isEqualTo("NoSuchFile /gone");
    assertThat(FailureText.cause(new FileSystemException("/full", null, "No space left")))
        .isEqualTo("/full: No space left");
  }

  @Test
  void aDatabaseThatIsGoneIsToldAsSuchWhateverLiesBelow() {
    var lost = new SQLException("An I/O error occurred", "08006", new IOException("Broken pipe"));
    assertThat(FailureText.innermost(new IllegalStateException(lost)))
        .isEqualTo("the connection to the database was lost: An I/O error occurred");
    assertThat(FailureText.cause(lost)).isEqualTo("Broken pipe");
  }

  @Test
  void itsFirstLineIsItsOwnOrItsClass() {
    assertThat(FailureText.firstLine(failure)).isEqualTo("storing failed");
    assertThat(FailureText.firstLine(new IllegalStateException("one\ntwo"))).isEqualTo("one");
    for (String nothing : new String[] {null, "", "\n"}) {
      assertThat(FailureText.firstLine(new IllegalStateException(nothing)))
          .isEqualTo("IllegalStateException");
    }
  }

  @Test
  void isReadOutOfAStackTraceToo() {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));

    assertThat(FailureText.innermost(text.toString()))
        .contains("Check constraint violation: \"NO_SUCH\"");
  }

  @Test
  void isTheOutermostMessageWhereTheRestWasCutOff() {
    String cut =
        "org.example.Broken: PreparedStatementCallback; SQL [UPDATE t\n   SET a = ?]; disk full\n\tat org.exam";

    assertThat(FailureText.innermost(cut)).contains("disk full");
    assertThat(FailureText.innermost("")).isEmpty();
    assertThat(FailureText.innermost("one line")).contains("one line");
  }
}
