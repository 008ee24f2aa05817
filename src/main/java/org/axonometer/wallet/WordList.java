package org.axonometer.wallet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.axonometer.subnet.Sha256;

/**
 * The 2,048 English words of BIP-39, in alphabetical order, from bitcoinj's jar; the list is used
 * only when it has the digest of the one everybody uses.
 */
final class WordList {

  private static final String RESOURCE = "/org/bitcoinj/crypto/mnemonic/wordlist/english.txt";
  private static final String SHA256 =
      "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda";

  private static final List<String> WORDS = read();

  private WordList() {}

  /**
   * The word's number, 0 to 2047, or -1; capitals count as small letters. No copy is made of it.
   */
  static int indexOf(char[] text, int start, int end) {
    int low = 0;
    int high = WORDS.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(WORDS.get(middle), text, start, end);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private static int compare(String word, char[] text, int start, int end) {
    int shared = Math.min(word.length(), end - start);
    for (int at = 0; at < shared; at++) {
      int order = word.charAt(at) - small(text[start + at]);
      if (order != 0) {
        return order;
      }
    }
    return word.length() - (end - start);
  }

  private static char small(char letter) {
    return letter >= 'A' && letter <= 'Z' ? (char) (letter + 32) : letter;
  }

  private static List<String> read() {
    try (InputStream stream = WordList.class.getResourceAsStream(RESOURCE)) {
      byte[] content = stream == null ? new byte[0] : stream.readAllBytes();
      String digest = Sha256.hex(content);
      if (!digest.equals(SHA256)) {
        throw new IllegalStateException("the word list " + RESOURCE + " has the digest " + digest);
      }
      return new String(content, StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException("the word list " + RESOURCE + " cannot be read", e);
    }
  }
}
