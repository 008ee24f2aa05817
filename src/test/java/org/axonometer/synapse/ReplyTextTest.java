package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplyTextTest {

  @Test
  void leavesPlainTextAlone() {
    assertThat(ReplyText.line("Forbidden. Key is blacklisted: \u00e9\u4e2d\ud83d\ude00."))
        .isEqualTo("Forbidden. Key is blacklisted: \u00e9\u4e2d\ud83d\ude00.");
  }

  @Test
  void makesOneLineOfMany() {
    assertThat(ReplyText.line(" a\r\n2026-01-01 INFO sealed\u2028b\u0085c\t\td "))
        .isEqualTo("a 2026-01-01 INFO sealed b\uFFFDc d");
  }

  @Test
  void replacesWhatATerminalWouldObey() {
    assertThat(ReplyText.line("\u001b[2J\u0000\u009b\u202e\u200b\ud800\ue000\u0007"))
        .isEqualTo("\uFFFD[2J" + "\uFFFD".repeat(7));
  }

  @Test
  void cutsLongText() {
    assertThat(ReplyText.line("x".repeat(301))).hasSize(300).endsWith("xxx...");
    assertThat(ReplyText.line("x".repeat(300))).isEqualTo("x".repeat(300));
    assertThat(ReplyText.line("\ud83d\ude00".repeat(400)).codePoints().count()).isEqualTo(300);
    assertThat(ReplyText.line(" ".repeat(1_000_000))).isEmpty();
  }
}
