package org.axonometer.mockaxons;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.axonometer.mockaxons.Behaviour.Manner;

/** A named mix of behaviours for a whole park. */
public enum Profile {
  /** Every axon answers, after the park's delay. */
  HONEST,
  /**
   * Of every 32 axons 18 answer, after the park's delay and up to 100 ms more, seeded; 2 have us on
   * their blacklist; each other {@link Manner} is there once. The snapshot also names a neuron that
   * serves nowhere and one with a private address.
   */
  MIXED,
  /** Every axon hangs, or only the first {@code hanging} ones; the others answer. */
  HANG,
  /** Every axon answers late: after the park's delay, 5 s when that is zero. */
  SLOW,
  /** Every axon has us on its blacklist. */
  REFUSE,
  /** Every axon sends bytes that are not HTTP. */
  RUBBISH,
  /** Every axon resets the connection in the middle of its answer. */
  RESET,
  /** Every axon sends an endless body. */
  LARGE,
  /**
   * For jobs with {@code streaming: true}. Of every 8 axons 5 stream their answer after the park's
   * delay, 1 holds it back until the end, 1 closes in the middle, 1 has us on its blacklist.
   */
  STREAMING;

  private static final Duration LATE = Duration.ofSeconds(5);

  /** The misbehaving places of 32; the even places and the last two odd ones answer. */
  private static final List<Manner> AT_ODD_PLACES =
      List.of(
          Manner.BLACKLIST,
          Manner.HANG,
          Manner.FAULT,
          Manner.CLOSED,
          Manner.RESET,
          Manner.HTML,
          Manner.BROKEN_JSON,
          Manner.NOT_VERIFIED,
          Manner.ENDLESS,
          Manner.RUBBISH,
          Manner.BLACKLIST,
          Manner.WRONG_TYPE,
          Manner.DRIP,
          Manner.HANG_UP,
          Manner.ANSWER,
          Manner.ANSWER);

  /** One behaviour for each axon, in uid order; the same for the same settings. */
  List<Behaviour> behaviours(ParkSettings settings) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    List<Behaviour> behaviours = new ArrayList<>(settings.count());
    for (int place = 0; place < settings.count(); place++) {
      Behaviour usual = behaviour(place, settings, random);
      behaviours.add(place < settings.hanging() ? Behaviour.of(Manner.HANG) : usual);
    }
    return behaviours;
  }

  private Behaviour behaviour(int place, ParkSettings settings, SplittableRandom random) {
    Duration delay = settings.delay();
    return switch (this) {
      case HONEST -> Behaviour.answersAfter(delay);
      case MIXED -> new Behaviour(mixed(place), delay.plusMillis(random.nextLong(1, 101)));
      case HANG ->
          settings.hanging() == 0 ? Behaviour.of(Manner.HANG) : Behaviour.answersAfter(delay);
      case SLOW -> Behaviour.answersAfter(delay.isZero() ? LATE : delay);
      case REFUSE -> new Behaviour(Manner.BLACKLIST, delay);
      case RUBBISH -> new Behaviour(Manner.RUBBISH, delay);
      case RESET -> new Behaviour(Manner.RESET, delay);
      case LARGE -> new Behaviour(Manner.ENDLESS, delay);
      case STREAMING -> new Behaviour(streaming(place), delay);
    };
  }

  private static Manner streaming(int place) {
    return switch (place % 8) {
      case 5 -> Manner.STREAM_HELD_BACK;
      case 6 -> Manner.STREAM_CUT;
      case 7 -> Manner.BLACKLIST;
      default -> Manner.STREAM;
    };
  }

  private static Manner mixed(int place) {
    int inPattern = place % (2 * AT_ODD_PLACES.size());
    return inPattern % 2 == 0 ? Manner.ANSWER : AT_ODD_PLACES.get(inPattern / 2);
  }
}
