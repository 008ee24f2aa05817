package org.axonometer.wallet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * A hotkey's file as btcli writes it: JSON with a seed, a secret phrase or a private key and public
 * fields that must all belong to one key, plain or encrypted. Every refusal is one line with the
 * file, what is wrong and what to do, and repeats nothing of the content.
 */
final class KeyFile {

  private KeyFile() {}

  /** The hotkey in a content as the file has it; WalletException when it holds none. */
  static Hotkey hotkey(Path file, byte[] content, Keyring keyring) {
    Optional<Encryption> encryption = Encryption.of(content);
    return encryption.isPresent()
        ? keyring.unlock(file, encryption.get(), content)
        : hotkey(file, content);
  }

  /** The hotkey in a plain content; WalletException when it holds none. */
  static Hotkey hotkey(Path file, byte[] content) {
    refuseOtherForms(file, content);
    try (KeyFields fields = KeyFields.parse(content)) {
      return fields
          .hotkey()
          .orElseThrow(
              () ->
                  new WalletException(
                      file + ": has public fields only and cannot sign; name a hotkey's file"));
    } catch (KeyContentException e) {
      throw new WalletException(
          file + ": " + e.getMessage() + "; restore this key file from a backup or make it again");
    }
  }

  /**
   * Writes a new file that only its owner may read, encrypted ({@code $NACL}) under a password when
   * there is one; the file system says so when there is such a file.
   */
  static void write(Path file, Hotkey hotkey, Optional<KeyPassword> password) throws IOException {
    ByteBuffer plain = ByteBuffer.allocateDirect(1024);
    try {
      putFields(plain, hotkey);
      plain.flip();
      writeNew(file, password.isPresent() ? sealed(file, plain, password.get()) : plain);
    } finally {
      SecretBytes.wipe(plain);
    }
  }

  /** Writes a new file that only its owner may read, whole or not at all. */
  static void writeNew(Path file, ByteBuffer content) throws IOException {
    boolean complete = false;
    boolean ours = false;
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ours = true;
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
      complete = true;
    } finally {
      if (ours && !complete) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void putFields(ByteBuffer buffer, Hotkey hotkey) {
    byte[] publicKey = hotkey.address().publicKey();
    Optional<byte[]> seed = hotkey.copyOfSeed();
    byte[] secret = seed.orElseGet(hotkey::copyOfSecret);
    put(buffer, "{\"accountId\": \"0x");
    putHex(buffer, publicKey);
    put(buffer, "\", \"publicKey\": \"0x");
    putHex(buffer, publicKey);
    put(buffer, seed.isPresent() ? "\", \"secretSeed\": \"0x" : "\", \"privateKey\": \"0x");
    putHex(buffer, secret);
    put(buffer, "\", \"ss58Address\": \"" + hotkey.address() + "\"}");
    Arrays.fill(secret, (byte) 0);
  }

  private static ByteBuffer sealed(Path file, ByteBuffer content, KeyPassword password) {
    byte[] plain = new byte[content.remaining()];
    try {
      content.get(plain);
      return ByteBuffer.wrap(NaclBox.seal(plain, password.utf8()));
    } catch (KeyContentException e) {
      throw new WalletException(file + ": " + e.getMessage());
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static void refuseOtherForms(Path file, byte[] content) {
    if (Encryption.startsWith(content, "0x")) {
      throw new WalletException(
          file + ": is a bare public key and cannot sign; name a hotkey's file");
    }
    for (byte next : content) {
      if (next == 0) { // also keeps the JSON parser from guessing UTF-16 or UTF-32
        throw new WalletException(
            file + ": is not text; restore this key file from a backup or make it again");
      }
    }
  }

  static void put(ByteBuffer buffer, String text) {
    buffer.put(text.getBytes(StandardCharsets.US_ASCII));
  }

  static void putHex(ByteBuffer buffer, byte[] bytes) {
    HexFormat hex = HexFormat.of();
    for (byte next : bytes) {
      buffer.put((byte) hex.toHighHexDigit(next)).put((byte) hex.toLowHexDigit(next));
    }
  }
}
