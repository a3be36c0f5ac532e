package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.stint.checks.samples.AbstractThing;
import dev.stint.checks.samples.ForbiddenCalls;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What classes look like.
final class ShapeTest {
  private static List<String> sampleFindings(Class<?> sample) {
    return ShapeRules.findings(new ClassFileImporter().importClass(sample));
  }

  @Test
  void productClasses_all_keepTheRulesOfShape() {
    assertThat(ProductClasses.all().stream().flatMap(type -> ShapeRules.findings(type).stream()))
        .isEmpty();
  }

  @Test
  void sample_badClass_breaksEveryRule() {
    assertThat(sampleFindings(AbstractThing.class))
        .extracting(line -> line.substring(AbstractThing.class.getName().length()))
        .containsExactlyInAnyOrder(
            ": name it by what it is, not by its part in an inheritance tree",
            ": make it final, sealed, a record, an enum or an interface",
            ".shared: static and not final; state belongs to one owner",
            ".TABLE: a public array anyone can write to",
            ".open: a public field; give it an accessor");
    assertThat(sampleFindings(AbstractThing.Leaf.class))
        .containsExactly(
            AbstractThing.Leaf.class.getName()
                + ": extends more than one of our classes; compose instead");
  }

  @Test
  void sample_goodClass_breaksNone() {
    assertThat(sampleFindings(ForbiddenCalls.class)).isEmpty();
  }
}
