package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Module descriptors and package annotations.
final class ModuleTest {
  private static ModuleDescriptor descriptor(String module) {
    Path[] classPath =
        Arrays.stream(
                System.getProperty("java.class.path").split(System.getProperty("path.separator")))
            .map(Path::of)
            .filter(path -> path.toString().contains("stint-" + module))
            .filter(path -> !path.endsWith("test-classes"))
            .toArray(Path[]::new);
    return ModuleFinder.of(classPath).find("dev.stint." + module).orElseThrow().descriptor();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "scenario", "report", "host", "testkit"})
  void module_packagesWithPublicTypes_areExported(String module) {
    Set<String> exported =
        descriptor(module).exports().stream()
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> open =
        ProductClasses.all().stream()
            .filter(type -> type.getPackageName().startsWith("dev.stint." + module))
            .filter(type -> !type.getPackageName().contains(".internal"))
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(exported).as("exports of the module dev.stint.%s", module).isEqualTo(open);
  }

  @Test
  void model_requires_javaBaseOnly() {
    assertThat(descriptor("model").requires().stream().map(ModuleDescriptor.Requires::name))
        .containsExactlyInAnyOrder("java.base", "org.jspecify");
  }

  @Test
  void packages_all_areNullMarked() throws ClassNotFoundException {
    List<String> packages =
        ProductClasses.all().stream().map(JavaClass::getPackageName).distinct().sorted().toList();
    for (String name : packages) {
      assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
          .as("@NullMarked on %s", name)
          .isTrue();
    }
  }
}
