package org.axonometer.subnet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForeignTextTest {

  @Test
  void escapesWhatEndsALineHidesOrCommandsATerminal() {
    assertThat(
            ForeignText.escape("a\u001b[2J\r\n\t\u0085\u009b\u202e\u200b\u2028\u2029\ud800\u0000"))
        .isEqualTo(
            "a\\u001b[2J\\u000d\\u000a\\u0009\\u0085\\u009b\\u202e\\u200b\\u2028\\u2029\\ud800\\u0000");
  }

  @Test
  void escapesBothHalvesOfACharacterBeyondTheFirstPlane() {
    assertThat(ForeignText.escape(Character.toString(0xE0001))).isEqualTo("\\udb40\\udc01");
  }

  @Test
  void leavesTheRestAsItIs() {
    String text = "caf\u00e9 \u4e2d \ud83d\ude00 \\u001b \u00a0 \ue000";
    assertThat(ForeignText.escape(text)).isEqualTo(text);
  }

  @Test
  void cutsBetweenCharactersAndSaysSo() {
    assertThat(ForeignText.escape("\ud83d\ude00\n\ud83d\ude00x", 2))
        .isEqualTo("\ud83d\ude00\\u000a…");
    assertThat(ForeignText.escape("\ud83d\ude00x", 2)).isEqualTo("\ud83d\ude00x");
  }
}
