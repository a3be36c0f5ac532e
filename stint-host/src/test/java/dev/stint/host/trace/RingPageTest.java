package dev.stint.host.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages as the kernel writes them, with the formats of Linux 6.18.
final class RingPageTest implements SchedSink {
  @TempDir private Path root;

  private final ByteBuffer page = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
  private final List<String> events = new ArrayList<>();
  private RingPage reader;

  @BeforeEach
  void formats() throws IOException {
    format("sched_switch", 372, "prev_pid", 24, "next_pid", 56);
    format("sched_wakeup", 374, "pid", 24);
    format("sched_wakeup_new", 373, "pid", 24);
    reader = new RingPage(new HostFiles(root), "t");
    page.putLong(1_000_000).putLong(0);
  }

  private void format(String event, int id, Object... fields) throws IOException {
    StringBuilder text = new StringBuilder("name: " + event + "\nID: " + id + "\nformat:\n");
    text.append("\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n");
    for (int i = 0; i < fields.length; i += 2) {
      text.append("\tfield:pid_t " + fields[i] + ";\toffset:" + fields[i + 1] + ";\tsize:4;\n");
    }
    Path file = root.resolve("t/events/sched/" + event + "/format");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Override
  public void woken(long atNs, int tid) {
    events.add(atNs + " woken " + tid);
  }

  @Override
  public void switched(long atNs, int previous, int next) {
    events.add(atNs + " " + previous + ">" + next);
  }

  private void wakeup(int deltaNs, int tid) {
    int at = page.position();
    page.putInt(deltaNs << 5 | 9).putShort((short) 374); // 36 bytes of data
    page.putInt(at + 4 + 24, tid).position(at + 40);
  }

  private void toSwitch(int deltaNs, int from, int to) {
    int at = page.position();
    page.putInt(deltaNs << 5 | 16).putShort((short) 372); // 64 bytes
    page.putInt(at + 4 + 24, from).putInt(at + 4 + 56, to).position(at + 68);
  }

  private boolean read(int flags) {
    page.putLong(8, page.position() - 16 | Integer.toUnsignedLong(flags));
    return reader.read(page.array(), page.capacity(), this);
  }

  @Test
  void read_aPage_tellsItsEventsWithTheirTimes() {
    wakeup(5, 77);
    toSwitch(10, 0, 77);
    assertThat(read(0)).isTrue();
    assertThat(events).containsExactly("1000005 woken 77", "1000015 0>77");
  }

  @Test
  void read_longPauses_areAdded_andAStampReplaces() {
    page.putInt(3 << 5 | 30).putInt(2); // 2 * 2^27 + 3 more
    wakeup(1, 5);
    page.putInt(7 << 5 | 31).putInt(1); // at 2^27 + 7
    wakeup(0, 6);
    assertThat(read(0)).isTrue();
    assertThat(events)
        .containsExactly(1_000_000 + 2 * (1L << 27) + 4 + " woken 5", (1L << 27) + 7 + " woken 6");
  }

  @Test
  void read_paddingAndOthersEvents_areLeftOut() {
    page.putInt(4 << 5 | 29).putInt(8).putInt(0); // of an event taken back: 8 bytes
    page.putInt(1 << 5 | 1).putShort((short) 99).putShort((short) 0);
    wakeup(1, 5);
    page.putInt(29);
    assertThat(read(0)).isTrue();
    assertThat(events).containsExactly("1000006 woken 5");
  }

  @Test
  void read_aPageAfterALoss_saysSo() {
    wakeup(1, 5);
    assertThat(read(1 << 31)).isFalse();
    assertThat(events).hasSize(1);
  }

  @Test
  void read_garbage_endsAndSaysSo() {
    SplittableRandom random = new SplittableRandom(7);
    byte[] garbage = new byte[4096];
    for (int i = 0; i < 20_000; i++) {
      random.nextBytes(garbage);
      ByteBuffer.wrap(garbage).order(ByteOrder.nativeOrder()).putLong(8, random.nextLong(4080));
      reader.read(garbage, random.nextInt(4097), this);
    }
    assertThat(reader.read(garbage, 3, this)).isFalse();
  }
}
