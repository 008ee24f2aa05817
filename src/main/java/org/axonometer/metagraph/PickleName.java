package org.axonometer.metagraph;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The closed list of names a saved metagraph may speak of (protocol 7.2). A name is never looked up
 * anywhere but here, and stands for data only.
 */
enum PickleName {
  RECONSTRUCT("_reconstruct", "numpy.core.multiarray", "numpy._core.multiarray"),
  FROM_BUFFER("_frombuffer", "numpy.core.numeric", "numpy._core.numeric"),
  NDARRAY("ndarray", "numpy"),
  DTYPE("dtype", "numpy"),
  AXON_INFO(
      "AxonInfo",
      List.of("version", "ip", "port", "ip_type", "hotkey", "coldkey"),
      "bittensor.core.chain_data.axon_info",
      "bittensor.core.chain_data",
      "bittensor.chain_data"),
  NEURON_INFO_LITE(
      "NeuronInfoLite",
      List.of("uid", "hotkey", "stake"),
      "bittensor.core.chain_data.neuron_info_lite",
      "bittensor.core.chain_data",
      "bittensor.chain_data"),
  NEURON_INFO(
      "NeuronInfo",
      List.of("uid", "hotkey", "stake"),
      "bittensor.core.chain_data.neuron_info",
      "bittensor.core.chain_data",
      "bittensor.chain_data"),
  PROMETHEUS_INFO(
      "PrometheusInfo",
      List.of(),
      "bittensor.core.chain_data.prometheus_info",
      "bittensor.core.chain_data",
      "bittensor.chain_data"),
  BALANCE("Balance", List.of("rao"), "bittensor.utils.balance");

  private final String name;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final Optional<List<String>> kept;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> modules;

  PickleName(String name, String... modules) {
    this(name, Optional.empty(), List.of(modules));
  }

  PickleName(String name, List<String> kept, String... modules) {
    this(name, Optional.of(kept), List.of(modules));
  }

  PickleName(String name, Optional<List<String>> kept, List<String> modules) {
    this.name = name;
    this.kept = kept;
    this.modules = modules;
  }

  static Optional<PickleName> of(String module, String name) {
    return Arrays.stream(values())
        .filter(known -> known.name.equals(name) && known.modules.contains(module))
        .findFirst();
  }

  /** True for a class of the SDK whose objects have attributes. */
  boolean hasAttributes() {
    return kept.isPresent();
  }

  /** The attributes a snapshot is made of; the others are dropped at once. */
  List<String> kept() {
    return kept.orElse(List.of());
  }
}
