package dev.stint.model.mshv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.mshv.SchedulerMessage.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MshvInterruptTest implements MshvInterrupt.Listener {
  private final List<String> heard = new ArrayList<>();
  private final Map<Name, VpRun> vps =
      Map.of(new Name(7, 0), new VpRun(), new Name(7, 900), new VpRun());
  private final MshvInterrupt interrupt =
      new MshvInterrupt(name -> Optional.ofNullable(vps.get(name)), this);
  private final SynicPage page = new SynicPage();

  @Override
  public void doorbell(int port) {
    heard.add("doorbell " + port);
  }

  @Override
  public void asyncCall(long partitionId, int status) {
    heard.add("async " + partitionId);
  }

  private VpRun vp(int index) {
    return vps.get(new Name(7, index));
  }

  @Test
  void bitset_namesVps_signalsThoseKnown() {
    SchedulerMessage message = SchedulerMessage.bitset(7, List.of(900, 0, 3));
    assertThat(message.names()).containsExactly(new Name(7, 0), new Name(7, 3), new Name(7, 900));
    page.put(new SynicPage.Message.Scheduler(message));
    assertThat(interrupt.handle(page)).isFalse();
    assertThat(vp(0).signaledCount()).isEqualTo(1);
    assertThat(vp(900).kickedByHv()).isTrue();
    assertThat(page.slot()).isEmpty();
  }

  @Test
  void bitset_beyond1024_overflows() {
    SchedulerMessage.Bitset message =
        SchedulerMessage.bitset(7, IntStream.range(0, 1030).boxed().toList());
    assertThat(message.vpCount()).isEqualTo(1024);
    assertThat(message.overflowCount()).isEqualTo(6);
    assertThat(message.banks()).hasSize(16);
    assertThat(message.type()).isEqualTo(0x80000100);
  }

  @Test
  void pairs_beyond19_overflow() {
    List<Name> names = IntStream.range(0, 21).mapToObj(i -> new Name(i, i)).toList();
    SchedulerMessage.Pairs message = SchedulerMessage.pairs(names);
    assertThat(message.names()).hasSize(19);
    assertThat(message.overflowCount()).isEqualTo(2);
    assertThat(message.type()).isEqualTo(0x80000101);
    assertThatThrownBy(() -> new SchedulerMessage.Pairs(0, names))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bitset_partsDisagree_isRefused() {
    assertThatThrownBy(() -> new SchedulerMessage.Bitset(7, 0, 2, 1, List.of(1L)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SchedulerMessage.Bitset(7, 0, 1, 3, List.of(1L)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void interrupt_doorbellsAndMessage_doorbellsFirst() {
    page.doorbells().add(5);
    page.doorbells().add(6);
    page.put(new SynicPage.Message.AsyncCall(7, 0));
    interrupt.handle(page);
    assertThat(heard).containsExactly("doorbell 5", "doorbell 6", "async 7");
  }

  @Test
  void interrupt_messagePending_writesEndOfMessage() {
    page.put(new SynicPage.Message.Intercept(7, 0));
    assertThat(page.put(new SynicPage.Message.Intercept(7, 900))).isFalse();
    assertThat(interrupt.handle(page)).isTrue();
    assertThat(page.endOfMessageCount()).isEqualTo(1);
    assertThat(vp(0).kickedByHv()).isTrue();
    assertThat(vp(0).signaledCount()).as("no signal is counted").isZero();
    assertThat(interrupt.handle(page)).isFalse();
  }

  @Test
  void doorbells_beyond63_areRefused() {
    for (int port = 0; port < DoorbellRing.CAPACITY; port++) {
      assertThat(page.doorbells().add(port)).isTrue();
    }
    assertThat(page.doorbells().size()).isEqualTo(63);
    assertThat(page.doorbells().add(63)).isFalse();
    assertThat(page.doorbells().overran()).isTrue();
    interrupt.handle(page);
    assertThat(heard).hasSize(63);
    assertThat(page.doorbells().overran()).isFalse();
  }
}
