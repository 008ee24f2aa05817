package org.axonometer.synapse;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The shape of one synapse class.
 *
 * @param name the Python class name, case-sensitive; the URL path
 * @param requestFields in class order
 * @param responseFields what the axon fills in, in class order; sent as their default (null)
 * @param hashFields the fields of the body hash, in effective order
 */
public record SynapseType(
    String name, List<Field> requestFields, List<Field> responseFields, List<String> hashFields) {

  /**
   * One field. {@code required} means no default in the class: its empty value travels as
   * bt_header_input_obj.
   */
  public record Field(
      String name, PythonType type, boolean required, @Nullable JsonNode defaultValue) {}

  public SynapseType {
    requestFields = List.copyOf(requestFields);
    responseFields = List.copyOf(responseFields);
    hashFields = List.copyOf(hashFields);
  }
}
