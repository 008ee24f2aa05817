package org.axonometer.metagraph;

import java.util.List;
import java.util.Optional;
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
    int furthest = -1;
    SnapshotException refusal = new SnapshotException(source + ": no answer of the chain");
    for (ChainAnswer answer : KNOWN) {
      Optional<ScaleReader.Misfit> misfit =
          ScaleReader.ofResult(bytes, source, answer).misfit(answer);
      if (misfit.isEmpty()) {
        return answer;
      }
      if (misfit.get().offset() > furthest) {
        furthest = misfit.get().offset();
        SnapshotException reason = misfit.get().reason();
        refusal =
            new SnapshotException(
                "%s; read as the answer of %s".formatted(reason.getMessage(), answer), reason);
      }
    }
    throw refusal;
  }
}
