package org.axonometer.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.axonometer.dendrite.AxonTarget;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.ForeignText;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.targets.AddressGuard;
import org.axonometer.targets.Cidr;

/**
 * The axons a command line names, each by uid or by address.
 *
 * @param snapshot where a uid, or the hotkey at an address, is looked up
 * @param hotkey the hotkey at an address, when it is given
 */
record AskedAxons(
    Optional<MetagraphSnapshot> snapshot, Optional<Ss58Address> hotkey, AddressGuard guard) {

  /** The axon of {@code <ip:port>} or {@code <uid>}; CommandException when it may not be asked. */
  AxonTarget find(String word) {
    return word.matches("[0-9]{1,5}") ? ofUid(Integer.parseInt(word)) : ofAddress(word);
  }

  /** Judged as in a round: by the number and the type that stand in the chain. */
  private AxonTarget ofUid(int uid) {
    MetagraphSnapshot from =
        snapshot.orElseThrow(
            () ->
                new CommandException(
                    "uid %d: a uid needs a snapshot; name one with --job or --snapshot"
                        .formatted(uid)));
    Neuron neuron =
        from.neurons().stream()
            .filter(candidate -> candidate.uid().value() == uid)
            .findFirst()
            .orElseThrow(
                () -> new CommandException("uid %d is not in the snapshot".formatted(uid)));
    AxonEndpoint endpoint =
        neuron
            .endpoint()
            .orElseThrow(
                () -> new CommandException("uid %d serves nowhere in the snapshot".formatted(uid)));
    requireAllowed(
        endpoint, by -> by.refusal(neuron.axonIp(), neuron.axonIpType(), neuron.axonPort()));
    return new AxonTarget(endpoint, hotkey.orElse(neuron.hotkey()));
  }

  private AxonTarget ofAddress(String word) {
    AxonEndpoint endpoint = endpoint(word);
    requireAllowed(endpoint, by -> by.refusal(endpoint));
    return new AxonTarget(endpoint, hotkey.orElseGet(() -> hotkeyAt(endpoint)));
  }

  private void requireAllowed(
      AxonEndpoint endpoint, Function<AddressGuard, Optional<String>> refusal) {
    refusal
        .apply(guard)
        .ifPresent(
            reason -> {
              String alone =
                  endpoint.hostText() + "/" + endpoint.host().getAddress().length * Byte.SIZE;
              AddressGuard onPurpose = guard.allowing(List.of(Cidr.parse(alone)));
              String remedy =
                  refusal.apply(onPurpose).isEmpty()
                      ? "; if it is meant, allow it with --allow-addresses " + alone
                      : "";
              throw new CommandException(
                  "%s is not asked: %s%s".formatted(endpoint, reason, remedy));
            });
  }

  private static AxonEndpoint endpoint(String word) {
    int colon = word.lastIndexOf(':');
    String host = colon < 0 ? "" : word.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      return new AxonEndpoint(
          AxonEndpoint.literal(host), Integer.parseInt(word.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          "\"%s\" is no axon; write a uid, or an address in digits and a port (for example 203.0.113.7:8091 or [2001:db8::1]:8091)"
              .formatted(ForeignText.escape(word)),
          e);
    }
  }

  private Ss58Address hotkeyAt(AxonEndpoint endpoint) {
    List<Ss58Address> there =
        snapshot.stream()
            .flatMap(from -> from.neurons().stream())
            .filter(neuron -> neuron.endpoint().filter(endpoint::equals).isPresent())
            .map(Neuron::hotkey)
            .toList();
    if (there.size() != 1) {
      throw new CommandException(
          "%s: whose axon is it? %s; an axon refuses a request that is not signed for its hotkey, give it with --hotkey"
              .formatted(
                  endpoint,
                  there.isEmpty()
                      ? "No neuron of a snapshot listens there"
                      : there.size() + " neurons of the snapshot listen there"));
    }
    return there.getFirst();
  }
}
