package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.axonometer.synapse.PythonValue.Bytes;
import org.axonometer.synapse.PythonValue.Decimal;
import org.axonometer.synapse.PythonValue.EnumMember;
import org.axonometer.synapse.PythonValue.None;
import org.axonometer.synapse.PythonValue.PySet;
import org.axonometer.synapse.PythonValue.Tuple;
import org.junit.jupiter.api.Test;

class PythonTextTest {

  @Test
  void printsTextRawAtTheTopAndQuotedInside() {
    assertThat(PythonText.str("it's\u00a0\n")).isEqualTo("it's\u00a0\n");
    assertThat(PythonText.str(List.of("it's\u00a0\n"))).isEqualTo("[\"it's\\xa0\\n\"]");
  }

  @Test
  void prefersSingleQuotesAndEscapesOnlyTheQuoteInUse() {
    assertThat(PythonText.repr("plain")).isEqualTo("'plain'");
    assertThat(PythonText.repr("it's")).isEqualTo("\"it's\"");
    assertThat(PythonText.repr("say \"hi\"")).isEqualTo("'say \"hi\"'");
    assertThat(PythonText.repr("it's \"both\"")).isEqualTo("'it\\'s \"both\"'");
    assertThat(PythonText.repr("back\\slash")).isEqualTo("'back\\\\slash'");
  }

  @Test
  void escapesControlsInHexAndThreeOfThemShort() {
    assertThat(PythonText.repr("\0\t\n\r\u000b\u001f\u007f\u0085"))
        .isEqualTo("'\\x00\\t\\n\\r\\x0b\\x1f\\x7f\\x85'");
  }

  @Test
  void worksOnCodePointsAndKeepsLoneSurrogatesApart() {
    assertThat(PythonText.repr("\ud83d\ude00")).isEqualTo("'\ud83d\ude00'");
    assertThat(PythonText.repr("\ud800x")).isEqualTo("'\\ud800x'");
    assertThat(PythonText.repr("\udbff\udfff")).isEqualTo("'\\U0010ffff'");
  }

  @Test
  void escapesJoinersSpacesAndUnassignedButNotMarks() {
    assertThat(PythonText.repr("\u200d\u3000\ufeff\u0378\ue000"))
        .isEqualTo("'\\u200d\\u3000\\ufeff\\u0378\\ue000'");
    assertThat(PythonText.repr("e\u0301\ufe0f\ufffd")).isEqualTo("'e\u0301\ufe0f\ufffd'");
  }

  @Test
  void knowsHowManyCharactersEachPythonPrints() {
    assertThat(printable(PythonVersion.PYTHON_3_10)).isEqualTo(143_680);
    assertThat(printable(PythonVersion.PYTHON_3_11)).isEqualTo(144_516);
    assertThat(printable(PythonVersion.PYTHON_3_12)).isEqualTo(148_998);
    assertThat(printable(PythonVersion.PYTHON_3_13)).isEqualTo(149_625);
    assertThat(printable(PythonVersion.PYTHON_3_14)).isEqualTo(154_810);
  }

  private static long printable(PythonVersion version) {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT).filter(version::prints).count();
  }

  @Test
  void tellsTextThatPrintsOtherwiseOnAnotherPython() {
    String shakingFace = Character.toString(0x1FAE8);
    assertThat(PythonText.repr(shakingFace)).isEqualTo("'\\U0001fae8'");
    assertThat(PythonText.versionSensitive(shakingFace)).isTrue();
    assertThat(PythonText.versionSensitive(Character.toString(0x1FAE0))).isTrue();
    assertThat(PythonText.versionSensitive("caf\u00e9 \ud83d\ude00 \u200d \u0378")).isFalse();
    assertThat(PythonText.versionSensitiveIn(shakingFace)).isEmpty();
    assertThat(PythonText.versionSensitiveIn(List.of(Map.of("k", shakingFace + "a"))))
        .containsExactly(0x1FAE8);
  }

  @Test
  void printsScalars() {
    assertThat(PythonText.str(true)).isEqualTo("True");
    assertThat(PythonText.str(false)).isEqualTo("False");
    assertThat(PythonText.str(None.NONE)).isEqualTo("None");
    assertThat(PythonText.str(-42L)).isEqualTo("-42");
    assertThat(PythonText.str(BigInteger.ONE.shiftLeft(70))).isEqualTo("1180591620717411303424");
    assertThat(PythonText.str(new Decimal(false, new BigDecimal("1.10")))).isEqualTo("1.10");
    assertThat(PythonText.str(new Decimal(true, new BigDecimal("0.0")))).isEqualTo("-0.0");
    assertThat(PythonText.str(new Decimal(false, new BigDecimal("1E+16")))).isEqualTo("1E+16");
    assertThat(PythonText.str(new EnumMember("E1", "a", "x"))).isEqualTo("E1.a");
  }

  @Test
  void printsContainers() {
    assertThat(PythonText.str(List.of())).isEqualTo("[]");
    assertThat(PythonText.str(List.of(1L, 2.0, "a", None.NONE))).isEqualTo("[1, 2.0, 'a', None]");
    assertThat(PythonText.str(new Tuple(List.of()))).isEqualTo("()");
    assertThat(PythonText.str(new Tuple(List.of(1L)))).isEqualTo("(1,)");
    assertThat(PythonText.str(new Tuple(List.of(1L, "a")))).isEqualTo("(1, 'a')");
    assertThat(PythonText.str(Map.of())).isEqualTo("{}");
    Map<Object, Object> dict = new LinkedHashMap<>();
    dict.put("z", List.of(true));
    dict.put(1L, "a");
    assertThat(PythonText.str(dict)).isEqualTo("{'z': [True], 1: 'a'}");
    assertThat(PythonText.str(new Bytes("it's \0\u00ff\n\"")))
        .isEqualTo("b'it\\'s \\x00\\xff\\n\"'");
    assertThat(PythonText.str(List.of(new Decimal(false, new BigDecimal("1.10")))))
        .isEqualTo("[Decimal('1.10')]");
    assertThat(PythonText.str(List.of(new EnumMember("E1", "a", "x")))).isEqualTo("[<E1.a: 'x'>]");
  }

  @Test
  void printsSetsOnlyWhereTheirOrderIsCertain() {
    assertThat(PythonText.str(new PySet(List.of()))).isEqualTo("set()");
    assertThat(PythonText.str(new PySet(List.of("a")))).isEqualTo("{'a'}");
    assertThat(PythonText.str(new PySet(List.of(3L, 1L, 2L)))).isEqualTo("{1, 2, 3}");
    assertThatThrownBy(() -> PythonText.str(new PySet(List.of("a", "b"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hash order");
    assertThatThrownBy(() -> PythonText.str(new PySet(List.of(8L, 1L))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 7");
  }

  @Test
  void printsDateTimesAtTheTopOnly() {
    LocalDateTime local = LocalDateTime.of(2024, 1, 2, 3, 4, 5);
    assertThat(PythonText.str(local)).isEqualTo("2024-01-02 03:04:05");
    assertThat(PythonText.str(local.plusNanos(1_000))).isEqualTo("2024-01-02 03:04:05.000001");
    assertThat(PythonText.str(local.atOffset(ZoneOffset.UTC)))
        .isEqualTo("2024-01-02 03:04:05+00:00");
    assertThat(PythonText.str(local.atOffset(ZoneOffset.ofHoursMinutes(-1, -30))))
        .isEqualTo("2024-01-02 03:04:05-01:30");
    assertThatThrownBy(() -> PythonText.str(List.of(local)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pydantic");
  }

  @Test
  void refusesJavaObjectsThatStandForNoPythonValue() {
    assertThatThrownBy(() -> PythonText.str(new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
  }
}
