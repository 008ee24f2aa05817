package org.axonometer.testing.planted.synapse;

import cafe.cryptography.curve25519.RistrettoElement;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.net.http.HttpClient;
import javax.xml.parsers.DocumentBuilder;
import me.tongfei.progressbar.ProgressBar;
import org.axonometer.testing.planted.dendrite.HigherRoom;
import org.bouncycastle.crypto.digests.SHA3Digest;
import org.flywaydb.core.Flyway;
import org.quartz.Scheduler;
import org.snakeyaml.engine.v2.api.Load;
import org.springframework.batch.core.step.Step;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/** One breach of each rule of ArchitectureTest, which has to report them all. Never run. */
record BreaksEveryRule(
    HigherRoom upwards,
    HttpClient http,
    JdbcClient jdbc,
    Flyway flyway,
    Step batch,
    Scheduler quartz,
    CommandLine cli,
    ProgressBar bar,
    MeterRegistry metrics,
    SHA3Digest bouncyCastle,
    RistrettoElement ristretto,
    Load yaml,
    Yaml yamlObjects,
    DocumentBuilder xml) {

  static Object readsObjects(ObjectInputStream bytes) throws IOException, ClassNotFoundException {
    System.out.println("prints");
    return bytes.readObject();
  }
}
