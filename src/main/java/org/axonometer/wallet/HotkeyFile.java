package org.axonometer.wallet;

import java.nio.file.Path;
import java.util.Optional;
import org.axonometer.subnet.Ss58Address;

/**
 * What may be shown of a hotkey's file that passed every check: names, address, place, permissions
 * as {@code rw-------}, the owner's name and how it is encrypted. Nothing of the secret.
 */
public record HotkeyFile(
    String wallet,
    String hotkey,
    Ss58Address address,
    Path file,
    String mode,
    String owner,
    Optional<Encryption> encryption) {}
