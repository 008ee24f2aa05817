package org.axonometer.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.wallet.HotkeyFile;
import org.axonometer.wallet.WalletDirectory;
import org.axonometer.wallet.WalletListing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Hotkeys on disk. Only hotkey files are ever opened, never a coldkey. */
@Command(
    name = "wallet",
    mixinStandardHelpOptions = true,
    description =
        "Lists the hotkeys, checks that one can sign, or makes one of a secret phrase or seed. Opens hotkey files only, never a coldkey.",
    subcommands = {WalletCommand.Show.class, WalletCommand.Check.class, WalletImportCommand.class},
    synopsisSubcommandLabel = "(show | check | import)")
final class WalletCommand {

  private WalletCommand() {}

  /** One hotkey's lines, or one object. */
  static void print(PrintWriter out, JsonFlag json, Map<String, Object> map) {
    if (json.chosen()) {
      JsonFlag.print(out, map);
    } else {
      map.forEach((name, value) -> out.printf("%-10s %s%n", name, value));
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Lists the wallets and their hotkeys below the wallet folder.")
  static final class Show implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private WalletFlags flags = new WalletFlags();
    @Mixin private JsonFlag json = new JsonFlag();

    @Override
    public Integer call() {
      JobDefinition.Wallet wallet = flags.overDefaults();
      List<WalletListing> wallets = new WalletDirectory(wallet.path()).list();
      PrintWriter out = spec.commandLine().getOut();
      if (json.chosen()) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("path", wallet.path().toString());
        Map<String, List<String>> hotkeys = new LinkedHashMap<>();
        wallets.forEach(listing -> hotkeys.put(listing.wallet(), listing.hotkeys()));
        map.put("wallets", hotkeys);
        JsonFlag.print(out, map);
        return ExitCode.GOOD;
      }
      out.println(wallet.path());
      for (WalletListing listing : wallets) {
        out.printf("  %s: %s%n", listing.wallet(), String.join(", ", listing.hotkeys()));
      }
      if (wallets.isEmpty()) {
        out.println("  (no wallet)");
      }
      return ExitCode.GOOD;
    }
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Opens one hotkey file, checks its permissions and that its public key belongs to its secret, and prints its"
              + " address and how it is encrypted.")
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private WalletFlags flags = new WalletFlags();
    @Mixin private JsonFlag json = new JsonFlag();

    @Override
    public Integer call() {
      JobDefinition.Wallet wallet = flags.overDefaults();
      HotkeyFile file =
          new WalletDirectory(wallet.path())
              .describe(wallet.name(), wallet.hotkey(), flags.keyring());
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("wallet", file.wallet());
      map.put("hotkey", file.hotkey());
      map.put("address", file.address().text());
      map.put("file", file.file().toString());
      map.put("mode", file.mode());
      map.put("owner", file.owner());
      map.put("encryption", file.encryption().map(Object::toString).orElse("none"));
      PrintWriter out = spec.commandLine().getOut();
      print(out, json, map);
      if (!json.chosen()) {
        out.println("the hotkey can sign");
      }
      return ExitCode.GOOD;
    }
  }
}
