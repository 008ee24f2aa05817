package org.axonometer.rounds;

import java.nio.file.Path;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.history.Database;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.PasswordSource;
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
   */
  record Settings(Path exports, int mostInFlight, Keyring keyring) {

    Settings {
      if (mostInFlight < 1) {
        throw new IllegalArgumentException("mostInFlight must be above 0, was " + mostInFlight);
      }
    }
  }

  /** Starts on a database that stays the caller's to close. */
  public static RoundsApplication start(Database database, Path exports) {
    return start(database, exports, MOST_IN_FLIGHT);
  }

  /**
   * Starts on a database that stays the caller's to close.
   *
   * @param mostInFlight queries on their way at once, over all rounds
   */
  public static RoundsApplication start(Database database, Path exports, int mostInFlight) {
    return start(database, exports, mostInFlight, new Keyring(PasswordSource.none()));
  }

  /**
   * Starts on a database that stays the caller's to close.
   *
   * @param mostInFlight queries on their way at once, over all rounds
   * @param keyring unlocks encrypted hotkeys
   */
  public static RoundsApplication start(
      Database database, Path exports, int mostInFlight, Keyring keyring) {
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
                  beans.registerBean(
                      Settings.class, () -> new Settings(exports, mostInFlight, keyring));
                })
            .run());
  }

  public RoundLauncher launcher() {
    return context.getBean(RoundLauncher.class);
  }

  @Override
  public void close() {
    context.close();
  }
}
