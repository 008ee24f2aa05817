package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.axonometer.synapse.PythonType.EnumOf;
import org.axonometer.synapse.PythonValue.AwareDateTime;
import org.axonometer.synapse.PythonValue.Bytes;
import org.axonometer.synapse.PythonValue.Decimal;
import org.axonometer.synapse.PythonValue.EnumMember;
import org.axonometer.synapse.PythonValue.None;
import org.axonometer.synapse.PythonValue.PySet;
import org.axonometer.synapse.PythonValue.Tuple;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

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
    assertThat(PythonText.str(member("enum[E1, a='x']", "x"))).isEqualTo("E1.a");
    assertThat(PythonText.str(member("enum[int, E1, a=1]", 1L))).isEqualTo("E1.a");
    assertThat(PythonText.str(member("intenum[E1, a=1]", 1L))).isEqualTo("1");
    assertThat(PythonText.str(member("strenum[E1, a='x']", "x"))).isEqualTo("x");
    UUID uuid = new UUID(1, -1);
    assertThat(PythonText.str(uuid)).isEqualTo("00000000-0000-0001-ffff-ffffffffffff");
    assertThat(PythonText.repr(uuid)).isEqualTo("UUID('00000000-0000-0001-ffff-ffffffffffff')");
  }

  private static EnumMember member(String type, Object value) {
    return new EnumMember((EnumOf) PythonType.parse(type, Map.of()), "a", value);
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
    assertThat(PythonText.str(List.of(member("enum[E1, a='x']", "x")))).isEqualTo("[<E1.a: 'x'>]");
    assertThat(PythonText.str(List.of(member("intenum[E1, a=1]", 1L)))).isEqualTo("[<E1.a: 1>]");
  }

  @Test
  void printsSetsOnlyWhereTheirOrderIsCertain() {
    assertThat(PythonText.str(set())).isEqualTo("set()");
    assertThat(PythonText.str(set("a"))).isEqualTo("{'a'}");
    assertThat(PythonText.str(set(3L, 1L, 2L))).isEqualTo("{1, 2, 3}");
    assertThat(PythonText.str(set(true, false))).isEqualTo("{False, True}");
    assertThat(PythonText.str(new PySet(List.of(2.0, 1.0), true)))
        .isEqualTo("frozenset({1.0, 2.0})");
    assertThat(PythonText.str(new PySet(List.of(), true))).isEqualTo("frozenset()");
    for (PySet uncertain : List.of(set("a", "b"), set(0.5, 1.0), set(None.NONE, 1L))) {
      assertThatThrownBy(() -> PythonText.str(uncertain))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("hash order");
    }
  }

  private static PySet set(Object... elements) {
    return new PySet(List.of(elements), false);
  }

  /** SOURCE: CPython 3.11, str(pydantic's dump of a Set[int] given these numbers in this order). */
  @Test
  void ordersWholeNumbersAsCPythonsTableDoes() {
    assertThat(ordered("[8, 1]")).isEqualTo("{8, 1}");
    assertThat(ordered("[0, 8, 16, 24]")).isEqualTo("{0, 8, 16, 24}");
    assertThat(ordered("[7, 15, 23, 31, 39, 47]")).isEqualTo("{7, 39, 47, 15, 23, 31}");
    assertThat(ordered("[-1, -2, 1, 2]")).isEqualTo("{1, 2, -1, -2}");
    assertThat(ordered("[100, 99, 98, 97, 5]")).isEqualTo("{97, 98, 99, 100, 5}");
    assertThat(ordered("[2305843009213693951, 0, 2305843009213693952, -2305843009213693952]"))
        .isEqualTo("{2305843009213693951, 0, 2305843009213693952, -2305843009213693952}");
    assertThat(ordered("[18446744073709551615, 1, -9223372036854775808]"))
        .isEqualTo("{1, -9223372036854775808, 18446744073709551615}");
    assertThat(ordered("[40, 37, 34, 31, 28, 25, 22, 19, 16, 13, 10, 7, 4, 1]"))
        .isEqualTo("{1, 34, 4, 37, 7, 40, 10, 13, 16, 19, 22, 25, 28, 31}");
    assertThat(ordered("[0, 64, 128, 192, 256, 320, 384, 448, 512, 576, 640, 704]"))
        .isEqualTo("{0, 256, 64, 128, 192, 320, 384, 448, 512, 576, 640, 704}");
    assertThat(ordered("[9, 17, 1, 25, 33, 41, 49, 57, 65, 73]"))
        .isEqualTo("{65, 33, 1, 41, 9, 73, 17, 49, 25, 57}");
  }

  private static String ordered(String list) {
    return PythonText.str(
        PythonType.parse("set[int]", Map.of()).coerce(JsonMapper.shared().readTree(list)));
  }

  @Test
  void printsDateTimesWithAnOffsetAtTheTopOnly() {
    LocalDateTime local = LocalDateTime.of(2024, 1, 2, 3, 4, 5);
    assertThat(PythonText.str(local)).isEqualTo("2024-01-02 03:04:05");
    assertThat(PythonText.str(local.plusNanos(1_000))).isEqualTo("2024-01-02 03:04:05.000001");
    assertThat(PythonText.str(new AwareDateTime(local, 0))).isEqualTo("2024-01-02 03:04:05+00:00");
    assertThat(PythonText.str(new AwareDateTime(local, -90)))
        .isEqualTo("2024-01-02 03:04:05-01:30");
    assertThat(PythonText.repr(local)).isEqualTo("datetime.datetime(2024, 1, 2, 3, 4, 5)");
    assertThat(PythonText.repr(local.withSecond(0)))
        .isEqualTo("datetime.datetime(2024, 1, 2, 3, 4)");
    assertThat(PythonText.repr(local.withSecond(0).plusNanos(5_000)))
        .isEqualTo("datetime.datetime(2024, 1, 2, 3, 4, 0, 5)");
    assertThat(PythonText.repr(local.toLocalDate())).isEqualTo("datetime.date(2024, 1, 2)");
    assertThatThrownBy(() -> PythonText.str(List.of(new AwareDateTime(local, 0))))
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
