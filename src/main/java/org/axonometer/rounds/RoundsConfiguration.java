package org.axonometer.rounds;

import org.axonometer.history.Database;
import org.springframework.batch.core.configuration.annotation.EnableBatchProcessing;
import org.springframework.batch.core.configuration.annotation.EnableJdbcJobRepository;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.Isolation;

/** Spring Batch on the history database, and the launcher on top. */
@Configuration(proxyBeanMethods = false)
@EnableBatchProcessing
@EnableJdbcJobRepository(isolationLevelForCreate = Isolation.READ_COMMITTED)
class RoundsConfiguration {

  @Bean
  RoundLauncher roundLauncher(
      Database database,
      RoundsApplication.Settings settings,
      JobOperator operator,
      JobRepository repository) {
    return new RoundLauncher(database, settings, operator, repository);
  }
}
