package cnnlab.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.config.UsageException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"local", "local[1]", "local[16]", "local[*]"})
  void thisProcess(String text) {
    assertThat(MasterAddress.parse(text).isLocal()).isTrue();
  }

  @Test
  void aClusterHasOneOrMoreMasters() {
    assertThat(MasterAddress.parse("spark://node1:7077").masters())
        .containsExactly(InetSocketAddress.createUnresolved("node1", 7077));
    assertThat(MasterAddress.parse("spark://a:1,[::1]:65535").masters())
        .containsExactly(
            InetSocketAddress.createUnresolved("a", 1),
            InetSocketAddress.createUnresolved("[::1]", 65535));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "node1:7077", "http://node1:8080", "spark://", "spark://node1", "spark://node1:0x1",
        "spark://node1:65536", "spark://a:1,", "local[0]", "local[2", "local[2,3]", "yarn"
      })
  void otherAddressesAreRefused(String text) {
    assertThatThrownBy(() -> MasterAddress.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--spark is " + text)
        .hasMessageContaining("spark://HOST:PORT");
  }
}
