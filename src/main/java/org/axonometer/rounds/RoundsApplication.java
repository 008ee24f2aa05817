package org.axonometer.rounds;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.axonometer.dendrite.DescriptorLimit;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.history.Database;
import org.axonometer.wallet.Keyring;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The running application: Spring Batch on an open database. */
public final class RoundsApplication implements AutoCloseable {
  /** As many as one job may ask for. */
  public static final int MOST_IN_FLIGHT = 4_096;

  private final ConfigurableApplicationContext context;

  private RoundsApplication(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /**
   * What the launcher is given.
   *
   * @param exports where the scoring files go
   * @param mostInFlight queries on their way at once, over all rounds of the process
   * @param keyring unlocks encrypted hotkeys
   * @param clock the wall clock of nonces, deadlines and stored times
   */
  record Settings(Path exports, int mostInFlight, Keyring keyring, Clock clock) {

    Settings {
      if (mostInFlight < 1) {
        throw new IllegalArgumentException("mostInFlight must be above 0, was " + mostInFlight);
      }
    }
  }

  /**
   * Starts on a database that stays the caller's to close.
   *
   * @param mostInFlight queries on their way at once, over all rounds; fewer when the process may
   *     not open descriptors for as many
   * @param keyring unlocks encrypted hotkeys
   */
  public static RoundsApplication start(
      Database database, Path exports, int mostInFlight, Keyring keyring) {
    return start(
        database, new Settings(exports, affordable(mostInFlight), keyring, Clock.systemUTC()));
  }

  static RoundsApplication start(Database database, Settings settings) {
    try {
      HttpProperties.require();
    } catch (IllegalStateException e) {
      // Before a round is opened that could then not be asked.
      throw new RoundException(RoundException.Reason.FAILED, String.valueOf(e.getMessage()));
    }
    return new RoundsApplication(
        new SpringApplicationBuilder(RoundsConfiguration.class)
            .web(WebApplicationType.NONE)
            .bannerMode(Banner.Mode.OFF)
            .logStartupInfo(false)
            // Ctrl-C is handled by the command: it first lets the round drain and only then closes
            // this.
            .registerShutdownHook(false)
            .initializers(
                context -> {
                  var beans = (GenericApplicationContext) context;
                  database.registerIn(beans);
                  beans.registerBean(Settings.class, () -> settings);
                })
            .run());
  }

  /** No more than there are descriptors for: a query that finds none would be a fault of ours. */
  private static int affordable(int wanted) {
    Optional<DescriptorLimit> limit = DescriptorLimit.ofThisProcess();
    int most = limit.map(DescriptorLimit::mostInFlight).orElse(wanted);
    if (most < 1) {
      throw new RoundException(
          RoundException.Reason.FAILED,
          "this process may open %d descriptors and needs %d beside its queries; nobody was asked; raise it with ulimit -n 4096"
              .formatted(limit.orElseThrow().descriptors(), DescriptorLimit.OF_OUR_OWN));
    }
    return Math.min(wanted, most);
  }

  public RoundLauncher launcher() {
    return context.getBean(RoundLauncher.class);
  }

  @Override
  public void close() {
    context.close();
  }
}
