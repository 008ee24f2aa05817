package org.axonometer.jobs;

import java.time.Duration;

/** What holds where a job file is silent. */
final class JobDefaults {
  static final String DESCRIPTION = "";

  static final String WALLET_PATH = "~/.bittensor/wallets";
  static final String WALLET_NAME = "default";
  static final String WALLET_HOTKEY = "default";

  static final Duration TIMEOUT = Duration.ofSeconds(12);
  static final int CONCURRENCY = 64;
  static final int PER_ADDRESS = 4;
  static final Duration ADDRESS_BACK_OFF = Duration.ofHours(1);
  static final Duration SILENT_PAUSE = Duration.ofDays(1);
  static final int PARTITIONS = 4;
  static final int MAX_ATTEMPTS = 1;
  static final Duration ROUND_DEADLINE = Duration.ofMinutes(10);
  static final String DENDRITE_IP = "0.0.0.0";
  static final Duration BACK_OFF = Duration.ofSeconds(1);
  static final JobDefinition.Unknown UNKNOWN = JobDefinition.Unknown.LEAVE;

  static final JobDefinition.Bodies BODIES = JobDefinition.Bodies.ALL;
  static final int MAX_RESPONSE_BYTES = 1_048_576;

  static final double SUCCESS_THRESHOLD = 0.0;

  static final ChallengeRule.Order CHALLENGE_ORDER = ChallengeRule.Order.SEQUENTIAL;
  static final boolean CHALLENGE_REPEATS = false;
  static final Duration CHALLENGE_TIMEOUT = Duration.ofSeconds(30);
  static final int CHALLENGE_MAX_BYTES = 16 * 1_048_576;
  static final int CHALLENGE_MAX_BODY_BYTES = 65_536;

  static final Duration ON_FAILURE_TIMEOUT = Duration.ofSeconds(10);

  static final String ZONE = "UTC";
  static final JobSchedule.Overlap OVERLAP = JobSchedule.Overlap.SKIP;
  static final JobSchedule.Misfire MISFIRE = JobSchedule.Misfire.SKIP;

  private JobDefaults() {}
}
