package org.axonometer.metagraph;

import java.util.Locale;

/**
 * The fields of the runtime's {@code Metagraph} struct in their order (protocol 7.6); the last two
 * only a selective answer has. The position is the index by which a field is asked for.
 */
enum MetagraphField {
  NETUID(Kind.U16),
  NAME(Kind.COMPACT_TEXT),
  SYMBOL(Kind.COMPACT_TEXT),
  IDENTITY(Kind.SUBNET_IDENTITY),
  NETWORK_REGISTERED_AT(Kind.U64),
  OWNER_HOTKEY(Kind.ACCOUNT),
  OWNER_COLDKEY(Kind.ACCOUNT),
  BLOCK(Kind.U64),
  TEMPO(Kind.U16),
  LAST_STEP(Kind.U64),
  BLOCKS_SINCE_LAST_STEP(Kind.U64),
  SUBNET_EMISSION(Kind.U64),
  ALPHA_IN(Kind.U64),
  ALPHA_OUT(Kind.U64),
  TAO_IN(Kind.U64),
  ALPHA_OUT_EMISSION(Kind.U64),
  ALPHA_IN_EMISSION(Kind.U64),
  TAO_IN_EMISSION(Kind.U64),
  PENDING_ALPHA_EMISSION(Kind.U64),
  PENDING_ROOT_EMISSION(Kind.U64),
  SUBNET_VOLUME(Kind.U128),
  MOVING_PRICE(Kind.FIXED),
  RHO(Kind.U16),
  KAPPA(Kind.U16),
  MIN_ALLOWED_WEIGHTS(Kind.U16),
  MAX_WEIGHTS_LIMIT(Kind.U16),
  WEIGHTS_VERSION(Kind.U64),
  WEIGHTS_RATE_LIMIT(Kind.U64),
  ACTIVITY_CUTOFF(Kind.U64),
  MAX_VALIDATORS(Kind.U16),
  NUM_UIDS(Kind.U16),
  MAX_UIDS(Kind.U16),
  BURN(Kind.U64),
  DIFFICULTY(Kind.U64),
  REGISTRATION_ALLOWED(Kind.FLAG),
  POW_REGISTRATION_ALLOWED(Kind.FLAG),
  IMMUNITY_PERIOD(Kind.U64),
  MIN_DIFFICULTY(Kind.U64),
  MAX_DIFFICULTY(Kind.U64),
  MIN_BURN(Kind.U64),
  MAX_BURN(Kind.U64),
  ADJUSTMENT_ALPHA(Kind.U64),
  ADJUSTMENT_INTERVAL(Kind.U16),
  TARGET_REGS_PER_INTERVAL(Kind.U16),
  MAX_REGS_PER_BLOCK(Kind.U16),
  SERVING_RATE_LIMIT(Kind.U64),
  COMMIT_REVEAL_WEIGHTS_ENABLED(Kind.FLAG),
  COMMIT_REVEAL_PERIOD(Kind.U64),
  LIQUID_ALPHA_ENABLED(Kind.FLAG),
  ALPHA_HIGH(Kind.U16),
  ALPHA_LOW(Kind.U16),
  BONDS_MOVING_AVG(Kind.U64),
  HOTKEYS(Kind.ACCOUNTS),
  COLDKEYS(Kind.ACCOUNTS),
  IDENTITIES(Kind.IDENTITIES),
  AXONS(Kind.AXONS),
  ACTIVE(Kind.FLAGS),
  VALIDATOR_PERMIT(Kind.FLAGS),
  PRUNING_SCORE(Kind.U16S),
  LAST_UPDATE(Kind.U64S),
  EMISSION(Kind.U64S),
  DIVIDENDS(Kind.U16S),
  INCENTIVES(Kind.U16S),
  CONSENSUS(Kind.U16S),
  TRUST(Kind.U16S),
  RANK(Kind.U16S),
  BLOCK_AT_REGISTRATION(Kind.U64S),
  ALPHA_STAKE(Kind.U64S),
  TAO_STAKE(Kind.U64S),
  TOTAL_STAKE(Kind.U64S),
  TAO_DIVIDENDS_PER_HOTKEY(Kind.DIVIDENDS),
  ALPHA_DIVIDENDS_PER_HOTKEY(Kind.DIVIDENDS),
  VALIDATORS(Kind.U16S),
  COMMITMENTS(Kind.COMMITMENTS);

  /** How a value is encoded. Numbers are compact but for the fixed one. */
  enum Kind {
    U16,
    U64,
    U128,
    FLAG,
    ACCOUNT,
    /** A list of compact u8. */
    COMPACT_TEXT,
    /** 16 bytes of a signed number with 32 binary places. */
    FIXED,
    /** An option of the subnet's texts. */
    SUBNET_IDENTITY,
    U16S,
    U64S,
    FLAGS,
    ACCOUNTS,
    AXONS,
    /** For each neuron an option of its coldkey's texts. */
    IDENTITIES,
    /** Pairs of a hotkey and a u64. */
    DIVIDENDS,
    /** Pairs of a hotkey and its bytes. */
    COMMITMENTS
  }

  private final Kind kind;

  MetagraphField(Kind kind) {
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** By which the runtime knows it. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  /** The runtime's name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
