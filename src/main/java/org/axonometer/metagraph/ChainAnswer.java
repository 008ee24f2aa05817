package org.axonometer.metagraph;

import java.util.List;
import java.util.stream.Stream;

/**
 * Which runtime call an answer is of. Nothing in its bytes says it: it is the one whose layout they
 * have to the last byte.
 */
sealed interface ChainAnswer extends ScaleReader.Layout {

  /** {@code get_neurons_lite} or {@code get_neurons}. */
  record Neurons(NeuronLite.Kind kind) implements ChainAnswer {
    @Override
    public void read(ScaleReader in) {
      NeuronLite.readAll(in, kind);
    }

    @Override
    public String toString() {
      return kind == NeuronLite.Kind.LITE ? "get_neurons_lite" : "get_neurons";
    }
  }

  /** {@code get_subnet_state}. */
  record State() implements ChainAnswer {
    @Override
    public void read(ScaleReader in) {
      SubnetState.readAll(in);
    }

    @Override
    public String toString() {
      return "get_subnet_state";
    }
  }

  /** {@code get_metagraph} and its selective kin. */
  record Metagraph(MetagraphAnswer.Layout layout) implements ChainAnswer {
    @Override
    public void read(ScaleReader in) {
      layout.readAll(in);
    }

    @Override
    public String toString() {
      return layout.selective() ? "get_selective_mechagraph" : "get_metagraph";
    }
  }

  List<ChainAnswer> KNOWN =
      Stream.<ChainAnswer>concat(
              Stream.of(
                  new Neurons(NeuronLite.Kind.LITE),
                  new Neurons(NeuronLite.Kind.WITH_WEIGHTS),
                  new State()),
              MetagraphAnswer.Layout.known().stream().map(Metagraph::new))
          .toList();

  /**
   * The call the bytes answer, in either result form.
   *
   * @throws SnapshotException when they are none of these; with the offset that was reached by the
   *     one that got furthest
   */
  static ChainAnswer of(byte[] bytes, String source) {
    ChainAnswer furthest = KNOWN.getFirst();
    int reached = -1;
    for (ChainAnswer answer : KNOWN) {
      int reach = ScaleReader.ofResult(bytes, source, answer).reach(answer);
      if (reach > reached) {
        reached = reach;
        furthest = answer;
      }
    }
    if (reached < Integer.MAX_VALUE) {
      refuse(bytes, source, furthest);
    }
    return furthest;
  }

  private static void refuse(byte[] bytes, String source, ChainAnswer answer) {
    ScaleReader in = ScaleReader.ofResult(bytes, source, answer);
    try {
      answer.read(in);
      in.end();
    } catch (SnapshotException e) {
      throw new SnapshotException(
          "%s; read as the answer of %s".formatted(e.getMessage(), answer), e);
    }
  }
}
