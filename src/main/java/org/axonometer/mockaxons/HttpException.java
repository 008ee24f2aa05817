package org.axonometer.mockaxons;

/** Bytes that are no request we read; answered with this status, then the connection closes. */
final class HttpException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String text;

  HttpException(int status, String text) {
    super(text, null, false, false);
    this.status = status;
    this.text = text;
  }

  int status() {
    return status;
  }

  String text() {
    return text;
  }
}
