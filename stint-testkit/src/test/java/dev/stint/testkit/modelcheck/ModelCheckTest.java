package dev.stint.testkit.modelcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.testkit.Skip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every interleaving of driver, hypervisor, interrupt, guest, VMM, Unix signals and teardown, for
/// one VP; and the same with something wrong on purpose, which must be found.
final class ModelCheckTest {
  private static final String HAZARD = "hazard L5: freed with a signal in flight";
  private static final Path PAGE = Path.of("..", "docs", "models", "mshv-driver.md");

  private static final String THREE_VPS = "by flag: -Dmodelcheck.vps=3 (5 million states)";

  private static Explorer dispatch(DispatchModel.Mutation mutation) {
    return Explorer.explore(new DispatchModel(mutation));
  }

  private static Explorer registers(RegisterModel.Mutation mutation) {
    return Explorer.explore(new RegisterModel(1, 1, true, mutation));
  }

  @Test
  void dispatch_asItIs_hasTheKnownHazardAndNoOtherFlaw() {
    Explorer explorer = dispatch(DispatchModel.Mutation.NONE);
    assertThat(explorer.flaws()).containsExactly(HAZARD);
    assertThat(explorer.wayTo(HAZARD)).contains("Unix signal", "close", "drain");
  }

  @Test
  void registers_asTheyAre_haveNoFlaw() {
    assertThat(registers(RegisterModel.Mutation.NONE).flaws()).isEmpty();
  }

  @Test
  void page_countsOfStates_areThoseOfTheSearch() throws IOException {
    Explorer dispatch = dispatch(DispatchModel.Mutation.NONE);
    Explorer registers = registers(RegisterModel.Mutation.NONE);
    List<String> rows = List.of(row("root, integrated", dispatch), row("classic, core", registers));
    assertThat(Files.readAllLines(PAGE)).as(rows.toString()).containsAll(rows);
  }

  private static String row(String what, Explorer explorer) {
    return "| " + what + " | " + explorer.states() + " | " + explorer.transitions() + " |";
  }

  @ParameterizedTest
  @CsvSource({
    "SIGNAL_BEFORE_CLEAR, lost wake-up",
    "NO_KICK, lost wake-up",
    "NO_KICK, the drain does not end",
    "NO_WAKE, lost wake-up",
    "NO_CLEAR_FLAG, an intercept message is handed over twice",
    "NO_SCAN_FLAG, livelock",
    "READY_INVALID, livelock",
    "NO_COUNT, the drain does not end",
    "NO_COUNT, teardown sees a difference other than 0 and 1",
    "ONLY_SELF, a stale kick wakes (L3)",
    "ONLY_PARENT, a stale kick wakes (L3)"
  })
  void dispatch_withAMutation_isFoundOut(DispatchModel.Mutation mutation, String flaw) {
    assertThat(dispatch(mutation).flaws()).contains(flaw);
  }

  @Test
  void twoThreads_onOneVp_haveNoFlaw() throws IOException {
    Explorer explorer = Explorer.explore(new MutexModel(MutexModel.Mutation.NONE));
    assertThat(explorer.flaws()).isEmpty();
    assertThat(Files.readString(PAGE)).contains(row("two threads on one VP", explorer));
  }

  @ParameterizedTest
  @CsvSource({"NO_MUTEX, double dispatch", "NOT_KILLABLE, a killed thread waits for the mutex"})
  void twoThreads_withAMutation_areFoundOut(MutexModel.Mutation mutation, String flaw) {
    assertThat(Explorer.explore(new MutexModel(mutation)).flaws()).contains(flaw);
  }

  @ParameterizedTest
  @CsvSource({
    "REVERSED_REGISTERS, a VP runs on before its intercept was handled",
    "IGNORES_INTERCEPT, -EINTR while a message is on its way",
    "NO_SUSPEND, a VP runs while its thread is in the VMM",
    "NO_KICK, lost intercept message",
    "NO_WAKE, lost intercept message"
  })
  void registers_withAMutation_areFoundOut(RegisterModel.Mutation mutation, String flaw) {
    assertThat(registers(mutation).flaws()).contains(flaw);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, true, 'classic, core, two VPs, 1 LP'",
    "2, 2, true, 'classic, core, two VPs, 2 LPs'",
    "3, 1, false, 'classic, core, three VPs, 1 LP, no Unix signals'",
    "3, 1, true, 'classic, core, three VPs, 1 LP'"
  })
  void registersOfSeveralVps_asTheyAre_haveNoFlaw(int vps, int lps, boolean signals, String what)
      throws IOException {
    Skip.unless(vps < 3 || !signals || Integer.getInteger("modelcheck.vps", 2) >= 3, THREE_VPS);
    Explorer explorer =
        Explorer.explore(new RegisterModel(vps, lps, signals, RegisterModel.Mutation.NONE));
    assertThat(explorer.flaws()).isEmpty();
    assertThat(Files.readAllLines(PAGE)).as(row(what, explorer)).contains(row(what, explorer));
  }

  @ParameterizedTest
  @CsvSource({
    "REVERSED_REGISTERS, a VP runs on before its intercept was handled",
    "NO_EOM, lost intercept message",
    "SLOT_OVERWRITTEN, lost intercept message",
    "WRONG_VP, an intercept message is handed over that nobody sent",
    "WRONG_VP, lost intercept message"
  })
  void registersOfTwoVps_withAMutation_areFoundOut(RegisterModel.Mutation mutation, String flaw) {
    assertThat(Explorer.explore(new RegisterModel(2, 2, true, mutation)).flaws()).contains(flaw);
  }
}
