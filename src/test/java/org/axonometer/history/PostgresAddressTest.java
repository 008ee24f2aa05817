package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.axonometer.history.PostgresAddress.Tls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresAddressTest {

  @Test
  void isMadeOfItsParts() {
    PostgresAddress address =
        PostgresAddress.parse(
            "postgresql://axonometer@db.example:5433/history?sslmode=verify-ca&sslrootcert=/etc/ca.pem");
    assertThat(address.url()).isEqualTo("jdbc:postgresql://db.example:5433/history");
    assertThat(address.reader()).isEqualTo("axonometer_reader");
    assertThat(address.tls()).isEqualTo(Tls.VERIFY_CA);
    assertThat(address.rootCertificate()).contains("/etc/ca.pem");
    assertThat(text(address)).doesNotContain("hunter2");
  }

  private static String text(PostgresAddress address) {
    return new PostgresLogin(address, "hunter2", Optional.of("hunter2")).toString();
  }

  @Test
  void verifiesTheServerUnlessItIsThisMachine() {
    assertThat(PostgresAddress.parse("postgresql://a@db.example/h").tls())
        .isEqualTo(Tls.VERIFY_FULL);
    assertThat(PostgresAddress.parse("postgresql://a@[::1]/h").tls()).isEqualTo(Tls.DISABLE);
    assertThat(PostgresAddress.parse("postgresql://a@localhost/h").port()).isEqualTo(5432);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db/h?user=a",
        "jdbc:h2:tcp://db/h",
        "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'x'",
        "postgresql://a@db/h?socketFactory=java.lang.String",
        "postgresql://a@db/h?sslmode=require&loggerFile=/tmp/x",
        "postgresql://a@db/h?sslfactory=x",
        "postgresql://a@db/h?sslmode=prefer",
        "postgresql://a@db/h?sslmode=require&sslmode=disable",
        "postgresql://a@db/h?sslrootcert=ca.pem",
        "postgresql://a@db/h?",
        "postgresql://a@db,other/h",
        "postgresql://a@db/h?sslmode=require?x=1",
        "postgresql://a@db/h;x=1",
        "postgresql://a@db:0/h",
        "postgresql://a@db:65536/h",
        "postgresql://a@db/h/x",
        "postgresql://a'b@db/h",
        "postgresql://db/h",
        "postgresql:///h",
        "postgresql://a:hunter2@db/h",
        "postgresql://a:hunter2@db/h?socketFactory=x",
        "postgresql://a:hunter2@db:x/h",
      })
  void refusesEverythingElseWithoutRepeatingIt(String text) {
    assertThat(PostgresAddress.isMeant(text)).isTrue();
    assertThatThrownBy(() -> PostgresAddress.parse(text))
        .isInstanceOf(HistoryException.class)
        .hasMessageStartingWith("the database address is wrong: ")
        .hasMessageNotContaining("hunter2");
  }
}
