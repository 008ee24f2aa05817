package org.axonometer.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.KeyPassword;
import org.axonometer.wallet.TypedSecret;
import org.axonometer.wallet.WalletDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Makes a hotkey's file of a secret phrase or a seed, which is never taken from the command line.
 */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a hotkey's file, and its public one, of a secret phrase (12 to 24 English BIP-39"
          + " words) or of a seed (64 hexadecimal digits): read from --from, from standard input,"
          + " or asked for on the terminal without echo.",
      "Files that exist are never overwritten. The phrase itself is not written: keep it elsewhere."
    })
final class WalletImportCommand implements Callable<Integer> {
  private static final int MOST_BYTES = 4096;
  private static final String QUESTION = "Secret phrase or seed of the hotkey: ";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private WalletFlags flags = new WalletFlags();
  @Mixin private JsonFlag json = new JsonFlag();

  @Option(
      names = "--from",
      paramLabel = "<file>",
      description = "File (mode 0600) with the secret phrase or seed.")
  private @Nullable Path from;

  @Option(
      names = "--encrypt",
      description = "Encrypt the key file ($NACL, as btcli does). Takes seconds and 512 MiB.")
  private boolean encrypt;

  @Override
  public Integer call() throws IOException {
    JobDefinition.Wallet wallet = flags.overDefaults();
    Hotkey hotkey = hotkey();
    var wallets = new WalletDirectory(wallet.path());
    Path file;
    if (encrypt) {
      Path planned =
          wallet.path().resolve(wallet.name()).resolve("hotkeys").resolve(wallet.hotkey());
      try (KeyPassword password = flags.newPassword(planned)) {
        file = wallets.create(wallet.name(), wallet.hotkey(), hotkey, Optional.of(password));
      }
    } else {
      file = wallets.create(wallet.name(), wallet.hotkey(), hotkey);
    }
    print(wallet, hotkey, file);
    return ExitCode.GOOD;
  }

  private void print(JobDefinition.Wallet wallet, Hotkey hotkey, Path file) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("wallet", wallet.name());
    map.put("hotkey", wallet.hotkey());
    map.put("address", hotkey.address().text());
    map.put("file", file.toString());
    map.put("encryption", encrypt ? "$NACL" : "none");
    WalletCommand.print(spec.commandLine().getOut(), json, map);
  }

  private Hotkey hotkey() throws IOException {
    if (from != null) {
      return TypedSecret.hotkey(WalletDirectory.expanded(from));
    }
    Optional<char[]> typed = TerminalPassword.typed(QUESTION);
    if (typed.isPresent()) {
      try {
        return TypedSecret.hotkey("terminal", typed.get());
      } finally {
        Arrays.fill(typed.get(), '\0');
      }
    }
    return fromStandardInput();
  }

  private static Hotkey fromStandardInput() throws IOException {
    if (standardInputIsATerminal()) {
      throw new CommandException(
          "output is no terminal, so the secret would be shown while it is typed; use --from, or"
              + " run without redirection");
    }
    byte[] buffer = new byte[MOST_BYTES];
    try {
      // System.in would keep what it buffered.
      @SuppressWarnings("resource") // standard input is not ours to close
      InputStream in = new FileInputStream(FileDescriptor.in);
      int count = in.readNBytes(buffer, 0, MOST_BYTES);
      byte[] secret = Arrays.copyOf(buffer, count);
      try {
        return TypedSecret.hotkey("standard input", secret);
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
    } finally {
      Arrays.fill(buffer, (byte) 0);
    }
  }

  private static boolean standardInputIsATerminal() {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }
}
