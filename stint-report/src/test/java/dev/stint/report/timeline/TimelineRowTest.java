package dev.stint.report.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TimelineRowTest {
  @Test
  void cells_ofEachColumn_areWhatTookMostOfIt() {
    TimelineRow row = new TimelineRow(new TimelineWindow(100, 150, 5));
    row.change(0, 7);
    row.change(104, 8);
    row.change(115, 9);
    row.change(126, TimelineRow.WAITS);
    row.change(129, TimelineRow.IDLE);
    row.change(139, 7);
    row.change(400, 8);
    assertThat(row.cells()).containsExactly(8, 8, 9, TimelineRow.IDLE, 7);
  }

  @Test
  void cells_ofARunWithoutEvents_areIdle() {
    assertThat(new TimelineRow(new TimelineWindow(0, 10, 3)).cells()).containsExactly(-1, -1, -1);
  }

  @Test
  void window_whoseLengthIsNoMultiple_isCoveredWithoutAGap() {
    TimelineWindow window = new TimelineWindow(5, 5 + 1_003, 10);
    assertThat(window.startOf(0)).isEqualTo(5);
    assertThat(window.startOf(10)).isEqualTo(1_008);
    for (int column = 0; column < 10; column++) {
      assertThat(window.startOf(column + 1) - window.startOf(column)).isBetween(100L, 101L);
    }
  }
}
