package org.axonometer.dendrite;

import java.util.List;
import java.util.stream.Stream;
import org.axonometer.synapse.PythonType;
import org.axonometer.synapse.SynapseType;

/** Every hostile axon there is a script for, and what they are asked. */
public final class HostileAxons {

  /** What they are asked: a type with one text in the answer. */
  static final SynapseType PROMPT =
      new SynapseType(
          "Prompt",
          List.of(),
          List.of(
              new SynapseType.Field(
                  "completion", new PythonType.OptionalOf(PythonType.Plain.STR), false, null)),
          List.of());

  private HostileAxons() {}

  public static List<HostileAxon> all() {
    return Stream.concat(HostileTransport.all().stream(), HostileContent.all().stream()).toList();
  }
}
