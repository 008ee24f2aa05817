package org.axonometer.dendrite;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answer headers the JDK's client accepts although they leave open where the body ends or what it
 * is: two readers would read two different answers.
 */
final class Framing {
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private Framing() {}

  /** Why an answer with these headers is not read; null when it is. */
  static Answer.@Nullable Stopped check(HttpHeaders headers) {
    String fault = fault(headers);
    if (fault != null) {
      return new Answer.Stopped(Outcome.BAD_PROTOCOL, fault, true);
    }
    return headers.allValues("content-encoding").stream().allMatch(Framing::isIdentity)
        ? null
        : new Answer.Stopped(
            Outcome.BAD_PROTOCOL, "a Content-Encoding that was not asked for", false);
  }

  private static @Nullable String fault(HttpHeaders headers) {
    if (headers.map().values().stream().flatMap(List::stream).anyMatch(Framing::hasControls)) {
      return "a control character in a header";
    }
    List<String> lengths = headers.allValues("content-length");
    List<String> transfer = headers.allValues("transfer-encoding");
    if (!lengths.isEmpty() && !transfer.isEmpty()) {
      return "Content-Length and Transfer-Encoding together";
    }
    if (lengths.stream().distinct().count() > 1) {
      return "two different Content-Length headers";
    }
    if (!lengths.isEmpty() && !LENGTH.matcher(lengths.getFirst()).matches()) {
      return "Content-Length is not a length";
    }
    return transfer.isEmpty()
            || (transfer.size() == 1 && transfer.getFirst().equalsIgnoreCase("chunked"))
        ? null
        : "Transfer-Encoding is not chunked";
  }

  private static boolean hasControls(String value) {
    return value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f);
  }

  private static boolean isIdentity(String coding) {
    return coding.isBlank() || coding.toLowerCase(Locale.ROOT).equals("identity");
  }
}
