package dev.stint.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.stint.model.hypervisor.HypervisorPolicy;
import dev.stint.model.stack.Assembly;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The arrows between modules and packages.
final class ArchitectureTest {
  private static final String MODEL = "dev.stint.model.";
  private static final String FILE_ACCESS =
      "java\\.io\\.(File|RandomAccess).*|java\\.nio\\.file\\.Files|java\\.nio\\.channels\\..*";
  private static final String[] PURE = {
    "dev.stint.model..", "dev.stint.scenario..", "dev.stint.report.."
  };

  static List<Map.Entry<String, List<String>>> arrows() {
    return List.copyOf(ModelArrows.forbidden().entrySet());
  }

  @Test
  void import_allModules_areRead() {
    for (String module : List.of("model.time", "testkit", "scenario", "report", "host", "cli")) {
      assertThat(ProductClasses.all().stream().map(JavaClass::getPackageName))
          .as("classes of dev.stint.%s", module)
          .anyMatch(name -> name.startsWith("dev.stint." + module));
    }
  }

  @ParameterizedTest
  @MethodSource("arrows")
  void modelPackage_usesOthers_onlyAlongTheArrows(Map.Entry<String, List<String>> arrow) {
    String[] others =
        arrow.getValue().stream().map(name -> MODEL + name + "..").toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(MODEL + arrow.getKey() + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .because(
            "the arrows are time <- {trace, machine} <- sim <- sched"
                + " <- {linux, hypervisor, workload} <- mshv <- stack")
        .allowEmptyShould(true)
        .check(ProductClasses.all());
  }

  @Test
  void modelPackages_all_areNamedInTheArrows() {
    assertThat(
            ProductClasses.all().stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(MODEL))
                .map(name -> name.substring(MODEL.length()).split("\\.")[0])
                .distinct())
        .as("a new package of the model gets its arrows in ModelArrows")
        .isSubsetOf(ModelArrows.packages());
  }

  @Test
  void arrows_linuxAndHypervisor_neverSeeEachOther() {
    assertThat(ModelArrows.forbidden().get("linux")).contains("hypervisor", "stack", "mshv");
    assertThat(ModelArrows.forbidden().get("hypervisor")).contains("linux", "stack", "mshv");
  }

  /// A new policy of the hypervisor is its file, its value among the policies, and the assembly
  /// that names the value: credit2, which came last, is known nowhere else.
  @Test
  void hypervisorPolicy_isKnownWhereItIsRegisteredOnly() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(HypervisorPolicy.class.getName())
        .and()
        .haveNameNotMatching(MODEL + "hypervisor\\.Credit2.*")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(MODEL + "hypervisor\\.Credit2.*")
        .check(ProductClasses.all());
    for (HypervisorPolicy policy : HypervisorPolicy.values()) {
      noClasses()
          .that()
          .doNotBelongToAnyOf(HypervisorPolicy.class, Assembly.class)
          .should()
          .accessField(HypervisorPolicy.class, policy.name())
          .check(ProductClasses.all());
    }
    noClasses()
        .that()
        .doNotBelongToAnyOf(Assembly.class)
        .should()
        .accessField(Assembly.class, Assembly.CREDIT2.name())
        .check(ProductClasses.all());
  }

  @Test
  void arrows_anyPackage_neverReachesItself() {
    for (String name : ModelArrows.packages()) {
      assertThat(ModelArrows.reachable(name)).as("what %s may use", name).doesNotContain(name);
    }
  }

  @Test
  void libraries_anywhere_doNotUseTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.stint.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.stint.cli..", "picocli..")
        .check(ProductClasses.all());
  }

  @Test
  void product_anywhere_doesNotUseTestCode() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.stint.testkit..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.stint.testkit..", "org.junit..", "org.assertj..")
        .check(ProductClasses.all());
  }

  @Test
  void foreignMemory_outsideHost_isNotUsed() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.stint.host..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(ProductClasses.all());
  }

  @Test
  void files_inModelAndReport_areNotUsed() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.stint.model..", "dev.stint.report..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(FILE_ACCESS)
        .because("text comes in and goes out through arguments; the command line has the files")
        .check(ProductClasses.all());
  }

  @Test
  void threads_inPureModules_areNotUsed() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.lang\\.Thread.*|java\\.util\\.concurrent\\..*|java\\.util\\.Timer.*")
        .because("a run is one thread from start to end; the callers may run several at once")
        .check(ProductClasses.all());
  }

  @Test
  void network_inPureModules_isNotUsed() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.net\\.(?!URI|URL(De|En)coder).*")
        .check(ProductClasses.all());
  }
}
