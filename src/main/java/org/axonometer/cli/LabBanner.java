package org.axonometer.cli;

import java.util.Optional;
import java.util.stream.Collectors;
import org.axonometer.targets.Cidr;
import org.axonometer.targets.Selection;

/** The line that tells a lab's round from a real one. */
final class LabBanner {

  private LabBanner() {}

  /** Empty when only public addresses are asked. */
  static Optional<String> of(Selection selection) {
    return selection.guard().allowed().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "LAB: the job lets these through although they are not public: "
                + selection.guard().allowed().stream()
                    .map(Cidr::toString)
                    .collect(Collectors.joining(", ")));
  }
}
