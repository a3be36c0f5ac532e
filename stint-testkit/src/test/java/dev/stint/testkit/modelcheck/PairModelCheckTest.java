package dev.stint.testkit.modelcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.testkit.Skip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every interleaving of two VPs, their two threads and the message slot between them, within the
/// bounds of [PairConfiguration]; and the same with something wrong on purpose.
///
/// `-Dmodelcheck.budget=3` searches any 3 events too (on one LP 633,546 states, on two 2 million),
/// and so on.
final class PairModelCheckTest {
  private static final Path PAGE = Path.of("..", "docs", "models", "mshv-driver.md");

  @ParameterizedTest
  @EnumSource
  void pair_asItIs_hasNoFlawButTheKnownHazard(PairConfiguration pair) throws IOException {
    Explorer explorer = pair.explore(PairModel.Mutation.NONE);
    assertThat(explorer.flaws())
        .isEqualTo(pair.signalled() ? List.of(DispatchedVp.HAZARD) : List.of());
    assertThat(rows()).as(pair.row(explorer)).contains(pair.row(explorer));
  }

  private static List<String> rows() throws IOException {
    return Files.readAllLines(PAGE).stream().filter(line -> line.contains(" LP")).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "INTERCEPTS_ONE_LP, FIRST_NAME_ONLY, lost wake-up",
    "SIGNALS_ONE_LP, FIRST_NAME_ONLY, the drain does not end",
    "INTERCEPTS_ONE_LP, NO_EOM, lost wake-up",
    "INTERCEPTS_OVERFLOW, OVERFLOW_LOST, lost wake-up",
    "SIGNALS_ONE_LP, SLOT_OVERWRITTEN, lost wake-up",
    "SIGNALS_ONE_LP, SLOT_OVERWRITTEN, the drain does not end",
    "INTERCEPTS_ONE_LP, PREEMPTIBLE_DISPATCH, two VPs run on one LP",
    "INTERCEPTS_PARENT, CHILD_WITHOUT_PARENT, a child runs while its parent has no LP"
  })
  void pair_withAMutation_isFoundOut(
      PairConfiguration pair, PairModel.Mutation mutation, String flaw) {
    assertThat(pair.explore(mutation).flaws()).contains(flaw);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void pair_withABiggerBudget_hasNoFlawButTheKnownHazard(int lps) {
    int budget = Integer.getInteger("modelcheck.budget", 0);
    Skip.unless(budget > 0, "by flag: -Dmodelcheck.budget=3");
    PairModel model =
        new PairModel(
            lps, PairModel.Form.PAIRS, false, Bounds.all(budget), PairModel.Mutation.NONE);
    assertThat(Explorer.explore(model).flaws()).isSubsetOf(DispatchedVp.HAZARD);
  }
}
