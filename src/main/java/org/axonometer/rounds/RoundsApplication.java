package org.axonometer.rounds;

import java.nio.file.Path;
import org.axonometer.history.Database;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The running application: Spring Batch on an open database. */
public final class RoundsApplication implements AutoCloseable {
  private final ConfigurableApplicationContext context;

  private RoundsApplication(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Where the scoring files go. */
  record Exports(Path folder) {}

  /** Starts on a database that stays the caller's to close. */
  public static RoundsApplication start(Database database, Path exports) {
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
                  beans.registerBean(Exports.class, () -> new Exports(exports));
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
