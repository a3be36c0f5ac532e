package dev.stint.model.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class EntitiesTest {
  @Test
  void find_everyPathOfMany_isItsId() {
    Entities entities = new Entities();
    for (int i = 0; i < 1000; i++) {
      assertThat(entities.add(EntityKind.LP, "lp" + i, Entities.NONE)).isEqualTo(i);
    }
    for (int i = 0; i < 1000; i++) {
      assertThat(entities.find("lp" + i)).isEqualTo(i);
    }
    assertThat(entities.find("lp1000")).isEqualTo(Entities.NONE);
  }

  @Test
  void add_pathThatIsTaken_isRefusedAndChangesNothing() {
    Entities entities = new Entities();
    entities.add(EntityKind.LP, "lp0", Entities.NONE);
    assertThatThrownBy(() -> entities.add(EntityKind.VP, "lp0", Entities.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("registered twice");
    assertThat(entities.count()).isEqualTo(1);
    assertThat(entities.add(EntityKind.LP, "lp1", Entities.NONE)).isEqualTo(1);
  }
}
