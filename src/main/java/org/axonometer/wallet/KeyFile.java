package org.axonometer.wallet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A hotkey's file as btcli writes it: JSON with {@code secretSeed} and public fields that must
 * belong to it. Every refusal is one line with the file, what is wrong and what to do, and repeats
 * nothing of the content.
 */
final class KeyFile {

  private static final String PLAIN_NEEDED =
      "; this version needs a hotkey file with a plain secretSeed";

  /** Contents that are no plain JSON, by how they start. */
  private static final Map<String, String> OTHER_FORMS =
      Map.of(
          "$NACL", "is encrypted ($NACL)",
          "$ANSIBLE_VAULT", "is encrypted ($ANSIBLE_VAULT)",
          "gAAAAA", "is encrypted (Fernet, gAAAAA)",
          "0x", "is a bare public key and cannot sign");

  private KeyFile() {}

  /** Opens the file; WalletException when it must not or cannot be used. */
  static OpenedKeyFile read(Path file) {
    PosixFileAttributes attributes = checkedAttributes(file);
    byte[] content = new byte[0];
    try {
      content = SecretBytes.read(file);
      // The name must still lead to the file that was checked.
      if (!Objects.equals(attributes.fileKey(), checkedAttributes(file).fileKey())) {
        throw new WalletException(file + ": was replaced while it was opened; try again");
      }
      refuseOtherForms(file, content);
      return new OpenedKeyFile(file, hotkey(file, content), attributes);
    } catch (IOException e) {
      throw new WalletException(file + ": cannot be read; check its permissions and the disk", e);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /** Writes a new file that only its owner may read; the file system says so when there is one. */
  static void write(Path file, Hotkey hotkey) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
    byte[] seed = hotkey.copyOfSeed();
    byte[] publicKey = hotkey.address().publicKey();
    boolean complete = false;
    boolean ours = false;
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ours = true;
      put(buffer, "{\"accountId\": \"0x");
      putHex(buffer, publicKey);
      put(buffer, "\", \"publicKey\": \"0x");
      putHex(buffer, publicKey);
      put(buffer, "\", \"secretSeed\": \"0x");
      putHex(buffer, seed);
      put(buffer, "\", \"ss58Address\": \"" + hotkey.address() + "\"}");
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
      complete = true;
    } finally {
      Arrays.fill(seed, (byte) 0);
      SecretBytes.wipe(buffer);
      if (ours && !complete) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static PosixFileAttributes checkedAttributes(Path file) {
    PosixFileAttributes attributes = attributes(file);
    if (attributes.isSymbolicLink()) {
      throw new WalletException(
          file + ": is a symbolic link; put the key file itself in the hotkeys folder");
    }
    if (!attributes.isRegularFile()) {
      throw new WalletException(file + ": is not a regular file; name a hotkey's file");
    }
    Permissions.refuseForeignFile(file);
    Permissions.refuseSharedFile(file, attributes);
    if (attributes.size() > SecretBytes.MOST_BYTES) {
      throw tooLarge(file);
    }
    return attributes;
  }

  private static PosixFileAttributes attributes(Path file) {
    try {
      return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw new WalletException(
          file + ": there is no such key file; check the hotkey's name or make it with btcli", e);
    } catch (IOException | UnsupportedOperationException e) {
      throw new WalletException(
          file + ": its permissions cannot be read; check the folders above it", e);
    }
  }

  private static Hotkey hotkey(Path file, byte[] content) {
    try (KeyFields fields = KeyFields.parse(content)) {
      byte[] seed = fields.seed().orElseThrow(() -> withoutSeed(file, fields));
      Hotkey hotkey = Hotkey.fromSeed(seed);
      fields.requireSameKey(hotkey);
      return hotkey;
    } catch (KeyFieldsException e) {
      throw new WalletException(
          file + ": " + e.getMessage() + "; restore this key file from a backup or make it again");
    }
  }

  private static WalletException withoutSeed(Path file, KeyFields fields) {
    return fields
        .otherSecret()
        .map(
            form ->
                new WalletException(file + ": has a " + form + " but no secretSeed" + PLAIN_NEEDED))
        .orElseGet(
            () ->
                new WalletException(
                    file + ": has public fields only and cannot sign" + PLAIN_NEEDED));
  }

  private static void refuseOtherForms(Path file, byte[] content) {
    if (content.length > SecretBytes.MOST_BYTES) {
      throw tooLarge(file);
    }
    OTHER_FORMS.forEach(
        (start, form) -> {
          if (startsWith(content, start)) {
            throw new WalletException(file + ": " + form + PLAIN_NEEDED);
          }
        });
    for (byte next : content) {
      if (next == 0) { // also keeps the JSON parser from guessing UTF-16 or UTF-32
        throw new WalletException(
            file + ": is not text; restore this key file from a backup or make it again");
      }
    }
  }

  private static boolean startsWith(byte[] content, String start) {
    byte[] bytes = start.getBytes(StandardCharsets.US_ASCII);
    return content.length >= bytes.length
        && Arrays.equals(content, 0, bytes.length, bytes, 0, bytes.length);
  }

  private static WalletException tooLarge(Path file) {
    return new WalletException(
        file
            + ": has more than "
            + SecretBytes.MOST_BYTES
            + " bytes and cannot be a key file; name a hotkey's file");
  }

  private static void put(ByteBuffer buffer, String text) {
    buffer.put(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void putHex(ByteBuffer buffer, byte[] bytes) {
    HexFormat hex = HexFormat.of();
    for (byte next : bytes) {
      buffer.put((byte) hex.toHighHexDigit(next)).put((byte) hex.toLowHexDigit(next));
    }
  }
}
