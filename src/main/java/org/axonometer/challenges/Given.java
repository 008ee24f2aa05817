package org.axonometer.challenges;

import tools.jackson.databind.node.ObjectNode;

/**
 * The fields a source gave for one challenge, not yet checked.
 *
 * @param origin where they stand, such as {@code prompts.jsonl:7}
 */
record Given(ObjectNode fields, String origin) {}
