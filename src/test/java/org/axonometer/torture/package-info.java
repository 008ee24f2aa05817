/**
 * Kills, pauses and starves the real program from outside and checks what it left behind. Start at
 * {@link org.axonometer.torture.TortureRun}, which {@code scripts/torture} runs; {@link
 * org.axonometer.torture.FaultAgent} is what stands inside the program, between it and its database
 * driver.
 */
package org.axonometer.torture;
