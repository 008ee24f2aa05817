package org.axonometer.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads job files: strict YAML, at most 256 KiB of UTF-8. Every mistake becomes one line {@code
 * file:line: key is "value"; what is allowed} of one JobException, with the file as the caller
 * named it.
 */
public final class JobFile {
  private static final int MOST_BYTES = 256 * 1_024;
  private static final Pattern NAME = Pattern.compile("([a-z0-9][a-z0-9-]{0,62})\\.ya?ml");

  private JobFile() {}

  /** Reads {@code file}; relative paths in it are taken from the file's own folder. */
  public static JobDefinition read(Path file) {
    return parse(text(file), file);
  }

  /**
   * As {@link #read}, of a job that is to run by itself: a schedule with no time after {@code now}
   * is a mistake too.
   */
  public static JobDefinition readToSchedule(Path file, Instant now) {
    return new JobReader(jobName(file), text(file), file, Optional.of(now)).definition();
  }

  /** Reads the text of a job file as a round froze it; {@code file} itself is not opened. */
  public static JobDefinition parse(String source, Path file) {
    return new JobReader(jobName(file), source, file, Optional.empty()).definition();
  }

  /**
   * What an operator should know about who else can change this file, a line each: it is writable
   * by everybody, or it belongs to neither this process's user nor root. Empty where the file
   * system keeps no such record.
   */
  public static List<String> warnings(Path file) {
    List<String> warnings = new ArrayList<>();
    try {
      PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
      if (attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
        warnings.add(shown(file) + ": everybody can write to this file; chmod o-w it");
      }
      String owner = attributes.owner().getName();
      if (!owner.equals(System.getProperty("user.name")) && !owner.equals("root")) {
        warnings.add(shown(file) + ": the file belongs to user " + Mistakes.quoted(owner));
      }
    } catch (IOException | UnsupportedOperationException e) {
      return List.of(); // read() says what is wrong with a file that cannot be looked at
    }
    return List.copyOf(warnings);
  }

  static String jobName(Path file) {
    Path last = file.getFileName();
    Matcher matcher = NAME.matcher(last == null ? "" : last.toString());
    if (!matcher.matches()) {
      throw new JobException(
          shown(file)
              + ": a job is named by its file; use a-z, 0-9 and -, at most 63, then .yaml"
              + " (for example text-probe.yaml)");
    }
    return matcher.group(1);
  }

  /** What a file of at most 256 KiB holds, UTF-8. */
  static String text(Path file) {
    byte[] bytes = bytes(file);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, text, true);
    if (result.isError()) {
      Mistakes mistakes = new Mistakes(file.toString());
      mistakes.add(lineOf(bytes, in.position()), "not UTF-8; save the file as UTF-8");
      throw mistakes.refusal();
    }
    return text.flip().toString();
  }

  private static byte[] bytes(Path file) {
    if (Files.isDirectory(file)) {
      throw new JobException(shown(file) + ": a folder; name a job file in it");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new JobException(shown(file) + ": not a regular file; name a job file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new JobException(
            shown(file) + ": larger than " + Quantities.show(MOST_BYTES) + "; a job file is short");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new JobException(shown(file) + ": no such file", e);
    } catch (IOException e) {
      throw new JobException(shown(file) + ": cannot be read; check who may read it", e);
    }
  }

  private static int lineOf(byte[] bytes, int offset) {
    int line = 1;
    for (int i = 0; i < offset; i++) {
      if (bytes[i] == '\n') {
        line++;
      }
    }
    return line;
  }

  private static String shown(Path file) {
    return Mistakes.visible(file.toString());
  }
}
