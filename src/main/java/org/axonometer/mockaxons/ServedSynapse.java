package org.axonometer.mockaxons;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.BodyHash;
import org.axonometer.synapse.PythonType;
import org.axonometer.synapse.PythonType.ListOf;
import org.axonometer.synapse.PythonType.OptionalOf;
import org.axonometer.synapse.PythonType.Plain;
import org.axonometer.synapse.SynapseType;
import org.axonometer.synapse.SynapseType.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The synapse classes a mock axon serves. */
enum ServedSynapse {
  /** The SDK's ping: no fields. */
  SYNAPSE(new SynapseType("Synapse", List.of(), List.of(), List.of())) {
    @Override
    void forward(ObjectNode fields, Uid uid) {}
  },

  /** {@code dummy_input: int}; answers {@code dummy_output: int}, twice as much. No hash fields. */
  DUMMY(
      new SynapseType(
          "Dummy",
          List.of(required("dummy_input", Plain.INT)),
          List.of(answer("dummy_output", Plain.INT)),
          List.of())) {
    @Override
    void forward(ObjectNode fields, Uid uid) {
      fields.put("dummy_output", fields.get("dummy_input").bigIntegerValue().shiftLeft(1));
    }
  },

  /**
   * {@code roles: list[str]}, {@code messages: list[str]}, both hashed; answers {@code completion:
   * str}, the last message backwards after {@code axon <uid>: }.
   */
  PROMPT(
      new SynapseType(
          "Prompt",
          List.of(
              required("roles", new ListOf(Plain.STR)),
              required("messages", new ListOf(Plain.STR))),
          List.of(answer("completion", Plain.STR)),
          List.of("roles", "messages"))) {
    @Override
    void forward(ObjectNode fields, Uid uid) {
      JsonNode messages = fields.get("messages");
      String last = messages.isEmpty() ? "" : messages.get(messages.size() - 1).stringValue();
      fields.put("completion", "axon " + uid + ": " + new StringBuilder(last).reverse());
    }
  };

  @SuppressWarnings("ImmutableEnumChecker") // A record of immutable lists.
  private final SynapseType type;

  ServedSynapse(SynapseType type) {
    this.type = type;
  }

  /** Does the miner's work: fills the response fields. */
  abstract void forward(ObjectNode fields, Uid uid);

  /** The class of that name; null when it is not served. */
  static @Nullable ServedSynapse named(String name) {
    for (ServedSynapse synapse : values()) {
      if (synapse.pythonName().equals(name)) {
        return synapse;
      }
    }
    return null;
  }

  /** {@code ['Synapse', 'Dummy', 'Prompt']}. */
  static String pythonListOfNames() {
    return Stream.of(values())
        .map(synapse -> "'" + synapse.pythonName() + "'")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  SynapseType type() {
    return type;
  }

  String pythonName() {
    return type.name();
  }

  /** The class's own fields out of such JSON; RefusedQuery when it does not build the class. */
  ObjectNode fields(ObjectNode json) throws RefusedQuery {
    ObjectNode fields = ParkJson.object();
    try {
      for (Field field : type.requestFields()) {
        JsonNode value = json.get(field.name());
        if (value == null) {
          throw RefusedQuery.internalError();
        }
        fields.set(field.name(), field.type().toJson(value));
      }
      for (Field field : type.responseFields()) {
        JsonNode value = json.get(field.name());
        fields.set(field.name(), field.type().toJson(value == null ? ParkJson.nothing() : value));
      }
    } catch (IllegalArgumentException e) {
      throw RefusedQuery.internalError();
    }
    return fields;
  }

  /** Puts values no class accepts into the response fields. */
  void spoil(ObjectNode fields) {
    for (Field field : type.responseFields()) {
      fields.putArray(field.name()).addObject().put("wrong", true);
    }
  }

  /** The hash the SDK computes over those fields; RefusedQuery when it cannot. */
  String bodyHash(ObjectNode fields) throws RefusedQuery {
    ObjectNode request = ParkJson.object();
    for (Field field : type.requestFields()) {
      request.set(field.name(), fields.get(field.name()));
    }
    try {
      return BodyHash.of(type, request).hex();
    } catch (IllegalArgumentException e) {
      throw RefusedQuery.internalError();
    }
  }

  private static Field required(String name, PythonType type) {
    return new Field(name, type, true, null);
  }

  private static Field answer(String name, PythonType type) {
    return new Field(name, new OptionalOf(type), false, null);
  }
}
