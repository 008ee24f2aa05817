package org.axonometer.history;

/** Why a round exists: by the schedule, by hand, or to ask again what another round missed. */
public enum RoundKind {
  SCHEDULED,
  MANUAL,
  FOLLOW_UP
}
