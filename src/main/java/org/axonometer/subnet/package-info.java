/**
 * The values every other room speaks in: subnet and neuron numbers, account addresses, axon
 * endpoints. Each one checks itself when it is made, so a wrong one cannot exist. Values only: no
 * files, no network, no framework.
 */
@NullMarked
package org.axonometer.subnet;

import org.jspecify.annotations.NullMarked;
