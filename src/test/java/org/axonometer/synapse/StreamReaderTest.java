package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.axonometer.synapse.Streaming.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class StreamReaderTest {
  private static final String TEXT = "naïve\r\n日本語 👩\u200d🔬\n\n\rlone\r\r\n{\"a\": 1}\r\nlast é";

  private static List<String> texts(JsonNode items) {
    List<String> texts = new ArrayList<>();
    items.forEach(item -> texts.add(item.isString() ? item.stringValue() : item.toString()));
    return texts;
  }

  private static StreamReader read(Parser parser, byte[] bytes) {
    StreamReader reader = new StreamReader(parser);
    reader.take(bytes);
    reader.end();
    return reader;
  }

  private static StreamReader read(Parser parser, String text) {
    return read(parser, text.getBytes(UTF_8));
  }

  @Test
  void givesWholeCharactersOnlyWhereverTheBytesAreCut() {
    byte[] bytes = TEXT.getBytes(UTF_8);
    StreamReader reader = new StreamReader(Parser.TEXT);
    StringBuilder heard = new StringBuilder();
    for (byte one : bytes) {
      String text = reader.take(new byte[] {one}).text();
      assertThat(text).doesNotContain("\uFFFD");
      heard.append(text);
    }
    heard.append(reader.end().text());
    assertThat(heard).hasToString(TEXT);
    assertThat(reader.value().stringValue()).isEqualTo(TEXT);
    assertThat(reader.fault()).isNull();
  }

  @ParameterizedTest
  @EnumSource(Parser.class)
  void readsTheSameHoweverTheBytesAreCut(Parser parser) {
    String text = parser == Parser.JSON_LINES ? "{\"é\": \"👩\"}\r\n\n \n[1, 2]\n\"x\"" : TEXT;
    byte[] bytes = text.getBytes(UTF_8);
    JsonNode whole = read(parser, bytes).value();
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      StreamReader reader = new StreamReader(parser);
      List<JsonNode> heard = new ArrayList<>();
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(5));
        heard.addAll(reader.take(Arrays.copyOfRange(bytes, from, to)).items());
        from = to;
      }
      heard.addAll(reader.end().items());
      assertThat(reader.fault()).isNull();
      assertThat(reader.value()).isEqualTo(whole);
      if (parser != Parser.TEXT) {
        assertThat(heard).containsExactlyElementsOf(whole);
      }
    }
  }

  @Test
  void endsALineAtLfOrCrLfAndTakesALoneCrForText() {
    assertThat(texts(read(Parser.LINES, "a\nb\r\n\r\nc\rd\r\r\n\n").value()))
        .containsExactly("a", "b", "", "c\rd\r", "");
    assertThat(texts(read(Parser.LINES, "no end").value())).containsExactly("no end");
    assertThat(texts(read(Parser.LINES, "an end\n").value())).containsExactly("an end");
  }

  @Test
  void passesOverBlankLinesBetweenJsonValues() {
    assertThat(texts(read(Parser.JSON_LINES, "1\n\n  \r\n{\"a\":2}\n\"x\"").value()))
        .containsExactly("1", "{\"a\":2}", "x");
  }

  @Test
  void saysWhichLineIsNotJson() {
    StreamReader reader = read(Parser.JSON_LINES, "{\"a\": 1}\n\nnot json\n3");
    assertThat(reader.fault()).startsWith("line 3 is not JSON: ");
    assertThat(read(Parser.JSON_LINES, "{\"a\": 1, \"a\": 2}").fault()).contains("line 1");
  }

  @Test
  void saysWhereTheBytesStopBeingUtf8AndReadsNoFurther() {
    StreamReader reader = new StreamReader(Parser.TEXT);
    assertThat(reader.take(new byte[] {'a', 'b', (byte) 0xC3}).text()).isEqualTo("ab");
    assertThat(reader.take(new byte[] {'c'}).text()).isEmpty();
    assertThat(reader.take(new byte[] {'d'}).text()).isEmpty();
    assertThat(reader.fault()).isEqualTo("the stream is not UTF-8 at byte 2");
  }

  @Test
  void takesACharacterWithoutItsEndForAFault() {
    assertThat(read(Parser.TEXT, new byte[] {'a', (byte) 0xF0, (byte) 0x9F}).fault())
        .isEqualTo("the stream is not UTF-8 at byte 1");
  }

  @Test
  void takesNoByteAtAllForAFault() {
    assertThat(read(Parser.TEXT, "").fault()).isEqualTo("the stream is empty");
  }

  @Test
  void boundsLinesAndTheirLength() {
    assertThat(read(Parser.LINES, "\n".repeat(100_001)).fault())
        .isEqualTo("the stream has more than 100000 lines");
    StreamReader endless = new StreamReader(Parser.LINES);
    for (int i = 0; i < 101; i++) {
      endless.take("x".repeat(10_000).getBytes(UTF_8));
    }
    assertThat(endless.fault()).isEqualTo("line 1 is longer than 1000000 characters");
    assertThat(read(Parser.LINES, "x".repeat(1_000_001) + "\n").fault()).contains("line 1 is long");
  }
}
