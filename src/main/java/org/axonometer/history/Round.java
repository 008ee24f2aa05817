package org.axonometer.history;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;

/**
 * A round as stored.
 *
 * @param jobSource the job file's text, frozen at the opening
 * @param selected how many targets it has, those that cannot be asked included
 */
public record Round(
    long id,
    String job,
    RoundKind kind,
    State state,
    String network,
    NetUid netuid,
    long block,
    Ss58Address ownHotkey,
    Wallet wallet,
    Path jobFile,
    String jobSource,
    long seed,
    int partitions,
    int selected,
    int maxAttempts,
    Instant openedAt,
    Instant deadline,
    Optional<Instant> sealedAt) {

  /** OPEN: may still be asked and stored. SEALED: its scoring inputs do not change any more. */
  public enum State {
    OPEN,
    SEALED
  }

  /** Which hotkey file signs; never the key itself. */
  public record Wallet(Path path, String name, String hotkey) {}
}
