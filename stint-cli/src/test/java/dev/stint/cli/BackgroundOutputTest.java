package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackgroundOutputTest {
  @Test
  void writes_ofAnySize_arriveInOrder() throws IOException {
    Random random = new Random(1);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    try (BackgroundOutput out = new BackgroundOutput(arrived)) {
      for (int i = 0; i < 200; i++) {
        byte[] bytes = new byte[random.nextInt(i % 10 == 0 ? 900_000 : 3_000)];
        random.nextBytes(bytes);
        out.write(bytes);
        out.write(i);
        expected.write(bytes);
        expected.write(i);
      }
    }

    assertThat(arrived.toByteArray()).isEqualTo(expected.toByteArray());
  }

  @Test
  void fullTarget_isToldAtTheLatestByClose() {
    assertThatThrownBy(
            () -> {
              try (BackgroundOutput out = new BackgroundOutput(full())) {
                out.write(new byte[5_000_000]);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("no space left");
    assertThatThrownBy(
            () -> {
              try (BackgroundOutput out = new BackgroundOutput(full())) {
                out.write(1);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("no space left");
  }

  private static OutputStream full() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        throw new IOException("no space left");
      }
    };
  }
}
