package dev.stint.checks;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/// The class files of all product modules, read once.
final class ProductClasses {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/dev/stint/checks/"))
          .importPackages("dev.stint");

  private ProductClasses() {}

  static JavaClasses all() {
    return ALL;
  }
}
