package org.axonometer.jobs;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonometer.synapse.SynapseType;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what is asked of an axon from a job file, or from a file with the keys of its {@code
 * synapse} block alone. Of a job file nothing else is read.
 */
public final class SynapseFile {
  private static final String SYNAPSE = "synapse";

  private SynapseFile() {}

  /**
   * What is asked.
   *
   * @param fields a value for each request field; not to be changed
   */
  public record Asked(SynapseType type, ObjectNode fields) {}

  /**
   * Reads a file; JobException with every mistake, as {@link JobFile#read}.
   *
   * @param given values of request fields by name, in the place of the file's: JSON, or text where
   *     the field takes no such JSON
   */
  public static Asked read(Path file, Map<String, String> given) {
    Mistakes mistakes = new Mistakes(file.toString());
    YamlNode.Mapping tree = YamlTree.of(JobFile.text(file), mistakes);
    if (!tree.entries().containsKey(SYNAPSE)) {
      tree =
          new YamlNode.Mapping(Map.of(SYNAPSE, new YamlNode.Entry(tree.line(), tree)), tree.line());
    }
    Block top = Block.top(tree, new Block.Reading(mistakes, new LinkedHashSet<>()));
    SynapseReader.Asked asked = new SynapseReader(top, given).asked().orElse(null);
    mistakes.refuse();
    if (asked == null) {
      throw new IllegalStateException("no synapse and no mistake");
    }
    refuseUnknown(asked.type(), given.keySet());
    requireAll(asked);
    return new Asked(asked.type(), asked.fields());
  }

  /** A job with a challenge may leave values out. */
  private static void requireAll(SynapseReader.Asked asked) {
    for (SynapseType.Field field : asked.type().requestFields()) {
      if (!asked.fields().has(field.name())) {
        throw new JobException(
            "request field %s has no value but those of the job's challenge; give one with --field %s=…"
                .formatted(field.name(), field.name()));
      }
    }
  }

  /**
   * Refuses values for what is no request field.
   *
   * @throws JobException naming the request fields
   */
  public static void refuseUnknown(SynapseType type, Set<String> given) {
    List<String> names = type.requestFields().stream().map(SynapseType.Field::name).toList();
    for (String name : given) {
      if (!names.contains(name)) {
        throw new JobException(
            "--field "
                + Mistakes.quoted(name)
                + " is no request field of synapse "
                + type.name()
                + (names.isEmpty()
                    ? ", which has none"
                    : "; those are " + String.join(", ", names)));
      }
    }
  }
}
