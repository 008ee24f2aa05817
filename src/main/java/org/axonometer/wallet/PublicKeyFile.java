package org.axonometer.wallet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.axonometer.subnet.Ss58Address;

/**
 * A file with public fields only, {@code coldkeypub.txt} or {@code hotkeys/<hotkey>pub.txt}; anyone
 * may read it.
 */
final class PublicKeyFile {

  private PublicKeyFile() {}

  /** The keys the file names; a file that is missing or not understood names none. */
  static Set<Ss58Address> addresses(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) { // opening a pipe would wait
      return Set.of();
    }
    byte[] content;
    try {
      content = SecretBytes.read(file);
    } catch (IOException _) {
      return Set.of();
    }
    try (KeyFields fields = KeyFields.parse(content)) {
      return fields.addresses();
    } catch (KeyContentException _) {
      return Set.of();
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /** Writes a new file as bittensor-wallet does; the file system says so when there is one. */
  static void write(Path file, Ss58Address address) throws IOException {
    String hex = HexFormat.of().formatHex(address.publicKey());
    String fields =
        "{\"accountId\": \"0x%s\", \"publicKey\": \"0x%s\", \"ss58Address\": \"%s\"}"
            .formatted(hex, hex, address);
    KeyFile.writeNew(file, ByteBuffer.wrap(fields.getBytes(StandardCharsets.US_ASCII)));
  }
}
