package org.axonometer.dendrite;

import org.axonometer.synapse.StreamPart;

/**
 * Hears a streamed answer while it comes: in order, on the thread that asked, and never again once
 * the question has returned. Only an answer with the status and the content type of a stream is
 * heard. Taking long costs no measured time and moves no deadline: what comes meanwhile waits. What
 * it throws ends the query as LOCAL_FAULT.
 */
@FunctionalInterface
public interface StreamListener {
  void hear(StreamPart part);
}
