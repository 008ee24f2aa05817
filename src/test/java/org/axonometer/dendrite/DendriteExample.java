package org.axonometer.dendrite;

import java.time.Duration;
import java.util.List;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.synapse.PythonType;
import org.axonometer.synapse.Synapse;
import org.axonometer.synapse.SynapseType;
import org.axonometer.synapse.SynapseType.Field;
import org.axonometer.wallet.Hotkey;
import tools.jackson.databind.node.JsonNodeFactory;

/** How a Java program asks axons what a Python one asks with {@code bittensor.Dendrite}. */
final class DendriteExample {
  private static final SynapseType DUMMY =
      new SynapseType(
          "Dummy",
          List.of(new Field("dummy_input", PythonType.Plain.INT, true, null)),
          List.of(
              new Field(
                  "dummy_output", new PythonType.OptionalOf(PythonType.Plain.INT), false, null)),
          List.of());

  private DendriteExample() {}

  /** {@code dendrite.query(axons, Dummy(dummy_input=21), timeout=5)}. */
  static List<Integer> doubled(Hotkey hotkey, List<AxonTarget> axons) throws InterruptedException {
    HttpProperties.set();
    Synapse question =
        Synapse.of(DUMMY, JsonNodeFactory.instance.objectNode().put("dummy_input", 21));
    var options =
        AskOptions.defaults()
            .timeout(Duration.ofSeconds(5))
            .deserializing(answered -> answered.fields().path("dummy_output").asInt(-1));
    try (var dendrite = new DendriteClient(hotkey)) {
      return dendrite.query(axons, question, options).stream().map(Reply::value).toList();
    }
  }

  /** An axon as a metagraph names it. */
  static AxonTarget axon(String ip, int port, String hotkey) {
    return new AxonTarget(
        new AxonEndpoint(AxonEndpoint.literal(ip), port), new Ss58Address(hotkey));
  }
}
