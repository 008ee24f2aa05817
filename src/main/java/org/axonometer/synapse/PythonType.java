package org.axonometer.synapse;

/**
 * The Python type of a synapse field, as the axon's pydantic model declares it. The owner of this
 * room fills in the closed list.
 */
public interface PythonType {}
