package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.stint.checks.samples.ForbiddenCalls;
import dev.stint.testkit.Skip;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls that would make a run depend on the machine, the moment or the locale.
final class ForbiddenUseTest {
  private static List<String> sampleFindings(List<ForbiddenUse> list) {
    return ForbiddenUse.findings(new ClassFileImporter().importClasses(ForbiddenCalls.class), list);
  }

  @Test
  void pureModules_forbiddenCalls_areNotMade() {
    Iterable<JavaClass> pure =
        ProductClasses.all()
            .that(
                DescribedPredicate.describe(
                    "pure",
                    type ->
                        type.getPackageName().matches("dev\\.stint\\.(model|scenario|report).*")));
    assertThat(pure).isNotEmpty();
    assertThat(ForbiddenUse.findings(pure, ForbiddenUses.IN_PURE_MODULES)).isEmpty();
  }

  @Test
  void outsideTheCommandLine_standardStreamsAndExit_areNotUsed() {
    Iterable<JavaClass> libraries =
        ProductClasses.all()
            .that(
                DescribedPredicate.describe(
                    "libraries",
                    type ->
                        !type.getPackageName().startsWith("dev.stint.cli")
                            && !type.isEquivalentTo(Skip.class)));
    assertThat(ForbiddenUse.findings(libraries, ForbiddenUses.OUTSIDE_CLI)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clock",
        "hashMap",
        "hashMapReference",
        "randomOrder",
        "collected",
        "defaultLocale",
        "defaultCase",
        "platformMath",
        "wallClock"
      })
  void sample_forbiddenCall_isFoundWithItsReplacement(String method) {
    assertThat(sampleFindings(ForbiddenUses.IN_PURE_MODULES))
        .anyMatch(line -> line.contains("." + method + "(") && line.contains("; use "));
  }

  @Test
  void sample_standardOutput_isFound() {
    assertThat(sampleFindings(ForbiddenUses.OUTSIDE_CLI))
        .singleElement()
        .asString()
        .contains("printed()");
  }

  @Test
  void sample_allowedCalls_areNotFound() {
    assertThat(sampleFindings(ForbiddenUses.IN_PURE_MODULES))
        .noneMatch(line -> line.contains(".allowed("));
  }
}
