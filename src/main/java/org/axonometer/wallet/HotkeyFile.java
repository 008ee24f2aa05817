package org.axonometer.wallet;

import java.nio.file.Path;
import org.axonometer.subnet.Ss58Address;

/**
 * What may be shown of a hotkey's file that passed every check: names, address, place, permissions
 * as {@code rw-------} and the owner's name. Nothing of the secret.
 */
public record HotkeyFile(
    String wallet, String hotkey, Ss58Address address, Path file, String mode, String owner) {}
