package org.axonometer.metagraph;

import java.util.Map;
import java.util.Set;

/**
 * Which keys an object may have.
 *
 * @param scalars keys of texts, integers and booleans
 * @param objects keys of objects inside, with their shape
 * @param pairLists keys of lists of pairs of scalars
 * @param others what becomes of any other key
 */
record JsonShape(
    Set<String> scalars, Map<String, JsonShape> objects, Set<String> pairLists, Others others) {

  enum Others {
    REFUSED,
    SKIPPED
  }

  JsonShape {
    scalars = Set.copyOf(scalars);
    objects = Map.copyOf(objects);
    pairLists = Set.copyOf(pairLists);
  }
}
