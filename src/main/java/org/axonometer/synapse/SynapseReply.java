package org.axonometer.synapse;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * An HTTP answer read as a synapse: what we observed and, apart from it, what the axon claims.
 *
 * @param reading what the answer is
 * @param fields the declared response fields, coerced; empty unless ANSWERED
 * @param detail why it is not ANSWERED, one line, sanitised; null when ANSWERED
 * @param claimedStatusCode bt_header_axon_status_code; null when absent or not a number
 * @param claimedStatusMessage bt_header_axon_status_message or the JSON "message", sanitised and
 *     capped
 * @param claimedProcessTime bt_header_axon_process_time as sent, sanitised and capped; text because
 *     it is a claim
 * @param view what the Python dendrite would have recorded
 */
public record SynapseReply(
    Reading reading,
    ObjectNode fields,
    @Nullable String detail,
    @Nullable Integer claimedStatusCode,
    @Nullable String claimedStatusMessage,
    @Nullable String claimedProcessTime,
    DendriteView view) {

  /**
   * ANSWERED: declared answer, status 200. REFUSED: 401, 403, 404. ERROR: any other status.
   * BAD_BODY: not the declared JSON.
   */
  public enum Reading {
    ANSWERED,
    REFUSED,
    ERROR,
    BAD_BODY
  }

  /** Reads an answer under strict limits; never throws on hostile bytes. */
  public static SynapseReply read(
      SynapseType type, int httpStatus, Map<String, List<String>> headers, byte[] body) {
    throw new UnsupportedOperationException("not written yet");
  }
}
