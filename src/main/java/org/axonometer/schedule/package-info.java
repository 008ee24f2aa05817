/**
 * Runs jobs at their scheduled times and accounts for every one of them: a round or a reason. Start
 * at {@link JobScheduler}; {@link FireLedger} decides, Quartz is only the alarm clock.
 */
@NullMarked
package org.axonometer.schedule;

import org.jspecify.annotations.NullMarked;
