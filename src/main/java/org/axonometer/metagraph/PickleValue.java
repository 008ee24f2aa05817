package org.axonometer.metagraph;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a pickle's values are here: data in memory, of no class but these. */
sealed interface PickleValue {

  /** {@code None}. */
  record None() implements PickleValue {}

  record Bool(boolean value) implements PickleValue {}

  /** An integer of at most 64 bits, signed. */
  record Int(long value) implements PickleValue {}

  /** A larger integer, of at most 128 bits. */
  record BigInt(BigInteger value) implements PickleValue {}

  record Real(double value) implements PickleValue {}

  record Text(String value) implements PickleValue {}

  /** A stretch of the file. */
  record Bytes(int offset, int length) implements PickleValue {}

  record Tuple(List<PickleValue> items) implements PickleValue {}

  record Name(PickleName name) implements PickleValue {}

  /** Grows while it is read. */
  final class Items implements PickleValue {
    private final List<PickleValue> items = new ArrayList<>(0);

    List<PickleValue> items() {
      return items;
    }
  }

  /** Pairs in the order they came; keys are texts. Emptied when an object takes them. */
  final class Pairs implements PickleValue {
    private List<PickleValue> keysAndValues = List.of();
    private long cost;

    /**
     * @param bytes what it adds to the memory in use
     */
    void put(PickleValue key, PickleValue value, long bytes) {
      cost += bytes;
      if (keysAndValues.isEmpty()) {
        keysAndValues = new ArrayList<>(4);
      }
      keysAndValues.add(key);
      keysAndValues.add(value);
    }

    int size() {
      return keysAndValues.size() / 2;
    }

    /** Drops all pairs; what they cost. */
    long clear() {
      keysAndValues = List.of();
      long freed = cost;
      cost = 0;
      return freed;
    }

    /** The value of a key; as in Python the last one, when it was put twice. */
    @Nullable PickleValue get(String key) {
      for (int i = keysAndValues.size() - 2; i >= 0; i -= 2) {
        if (keysAndValues.get(i) instanceof Text text && text.value().equals(key)) {
          return keysAndValues.get(i + 1);
        }
      }
      return null;
    }
  }

  /** An object of one of the SDK's classes, with the attributes that are kept. */
  final class Thing implements PickleValue {
    private final PickleName type;
    private final @Nullable PickleValue[] attributes;
    private boolean built;

    Thing(PickleName type) {
      this.type = type;
      this.attributes = new PickleValue[type.kept().size()];
    }

    PickleName type() {
      return type;
    }

    boolean built() {
      return built;
    }

    void build(Pairs from) {
      for (int i = 0; i < attributes.length; i++) {
        attributes[i] = from.get(type.kept().get(i));
      }
      built = true;
    }

    @Nullable PickleValue get(String attribute) {
      int place = type.kept().indexOf(attribute);
      return place < 0 ? null : attributes[place];
    }
  }

  /** numpy's element type. */
  final class Dtype implements PickleValue {
    private final ElementType type;
    private boolean built;

    Dtype(ElementType type) {
      this.type = type;
    }

    ElementType type() {
      return type;
    }

    boolean built() {
      return built;
    }

    void build() {
      built = true;
    }
  }

  /** numpy's array: shape, element type and the stretch of the file that holds the elements. */
  final class Array implements PickleValue {
    private Optional<Content> content = Optional.empty();

    Optional<Content> content() {
      return content;
    }

    void build(Content read) {
      content = Optional.of(read);
    }

    /**
     * What it holds.
     *
     * @param count elements, over all dimensions
     * @param dimensions 0 for a single value
     */
    record Content(ElementType type, int dimensions, int count, Bytes bytes) {}
  }

  /** The element types of the arrays of a metagraph, little-endian. */
  enum ElementType {
    I8(8),
    I4(4),
    F8(8),
    F4(4),
    B1(1);

    private final int bytes;

    ElementType(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }

    static Optional<ElementType> of(String code) {
      return Arrays.stream(values()).filter(type -> type.name().equalsIgnoreCase(code)).findFirst();
    }
  }
}
