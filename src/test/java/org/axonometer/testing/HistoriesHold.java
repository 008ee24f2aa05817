package org.axonometer.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.scoring.SealVerification;
import org.axonometer.scoring.SealVerification.Finding;
import org.axonometer.scoring.SealVerification.Verdict;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.io.TempDir;

/**
 * Looks at every history a test leaves, in H2's files below its temporary folders and in the
 * PostgreSQL databases it made, after its own closing: every invariant holds, every seal can be
 * recomputed, what axons received has its row and what was reported as sealed is. Registered for
 * all tests at once; {@link BreaksInvariants} says which of them are passed over.
 */
public final class HistoriesHold implements AfterEachCallback, InvocationInterceptor {
  private static final int DEEPEST = 6;
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(HistoriesHold.class);

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    context.getStore(OURS).put(OURS, method.getArguments());
    invocation.proceed();
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    interceptTestMethod(invocation, method, context);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    List<TestPostgres> servers = TestPostgres.takeMade();
    if (context.getExecutionException().isPresent()
        || says(context.getRequiredTestMethod())
        || says(context.getRequiredTestClass())) {
      return;
    }
    for (Path folder : folders(context)) {
      check(folder, servers);
      servers = List.of();
    }
    for (TestPostgres server : servers) {
      try (Database database = Database.connect(server.login())) {
        requireWhole(database);
      }
    }
  }

  private static boolean says(AnnotatedElement test) {
    return test.isAnnotationPresent(BreaksInvariants.class);
  }

  /** The test's temporary folders, of fields and of parameters. */
  private static Collection<Path> folders(ExtensionContext context) {
    List<Path> folders = new ArrayList<>();
    for (Object test : context.getRequiredTestInstances().getAllInstances()) {
      for (Class<?> type = test.getClass(); type != null; type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          if (field.isAnnotationPresent(TempDir.class)) {
            try {
              field.setAccessible(true);
              folders.add((Path) field.get(test));
            } catch (IllegalAccessException e) {
              throw new IllegalStateException(e);
            }
          }
        }
      }
    }
    List<?> arguments = context.getStore(OURS).getOrDefault(OURS, List.class, List.of());
    arguments.stream()
        .filter(Path.class::isInstance)
        .map(Path.class::cast)
        .filter(Files::isDirectory)
        .forEach(folders::add);
    return folders;
  }

  /** Checks the histories of one folder, and these databases as if they were in it. */
  static void check(Path folder, List<TestPostgres> servers) throws IOException {
    List<Path> homes = homes(folder);
    for (Path home : homes) {
      try (Database database = Database.connect(home)) {
        requireWhole(database);
        if (homes.size() + servers.size() == 1) {
          Witnesses.of(folder).requireAgreement(database);
        }
      }
    }
    for (TestPostgres server : servers) {
      try (Database database = Database.connect(server.login())) {
        requireWhole(database);
        if (homes.size() + servers.size() == 1) {
          Witnesses.of(folder).requireAgreement(database);
        }
      }
    }
    TestRounds.forget(folder);
  }

  private static List<Path> homes(Path folder) throws IOException {
    try (Stream<Path> files =
        Files.find(
            folder,
            DEEPEST,
            (file, is) -> is.isRegularFile() && file.endsWith(Path.of("db", "axonometer.mv.db")))) {
      return files.map(file -> file.getParent().getParent()).toList();
    }
  }

  /** Every invariant holds and no seal is broken. */
  public static void requireWhole(Database database) {
    var queries = new HistoryQueries(database);
    assertThat(queries.brokenInvariants()).as("what the test left in its database").isEmpty();
    var seals = new SealVerification(queries);
    for (String job : queries.jobs()) {
      assertThat(seals.job(job))
          .as("the seals the test left")
          .extracting(Finding::verdict)
          .doesNotContain(Verdict.BROKEN);
    }
  }
}
