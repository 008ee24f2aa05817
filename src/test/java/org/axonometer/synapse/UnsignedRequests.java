package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;

/** Requests as they travel, with made-up signatures, for tests of sending and reading. */
public final class UnsignedRequests {
  private static final String HOTKEY = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

  private UnsignedRequests() {}

  /** Class Dummy of the subnet template: a required int in, an optional int out. */
  public static SynapseType dummy() {
    return new SynapseType(
        "Dummy",
        List.of(new SynapseType.Field("dummy_input", PythonType.Plain.INT, true, null)),
        List.of(
            new SynapseType.Field(
                "dummy_output", new PythonType.OptionalOf(PythonType.Plain.INT), false, null)),
        List.of());
  }

  public static SignedRequest to(AxonEndpoint axon, Duration timeout) {
    return to(axon, timeout, "{\"dummy_input\": 1, \"dummy_output\": null}");
  }

  public static SignedRequest to(AxonEndpoint axon, Duration timeout, String json) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("name", "Dummy");
    headers.put("timeout", String.valueOf(timeout.toMillis() / 1_000.0));
    headers.put("bt_header_axon_ip", axon.hostText());
    headers.put("bt_header_axon_port", String.valueOf(axon.port()));
    headers.put("bt_header_axon_hotkey", HOTKEY);
    headers.put("bt_header_dendrite_ip", "203.0.113.7");
    headers.put("bt_header_dendrite_version", "10002000");
    headers.put("bt_header_dendrite_nonce", "1795343746668457831");
    headers.put("bt_header_dendrite_uuid", "7a3426e6");
    headers.put("bt_header_dendrite_hotkey", HOTKEY);
    headers.put("bt_header_dendrite_signature", "0x" + "ab".repeat(64));
    headers.put("bt_header_input_obj_dummy_input", "MA==");
    headers.put("header_size", "640");
    headers.put("total_size", "3042");
    headers.put("computed_body_hash", "ab".repeat(32));
    return new SignedRequest(
        "Dummy",
        axon,
        new Ss58Address(HOTKEY),
        headers,
        json.getBytes(UTF_8),
        "ab".repeat(32),
        "7a3426e6",
        1_795_343_746_668_457_831L,
        timeout);
  }
}
