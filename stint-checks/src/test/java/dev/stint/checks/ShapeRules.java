package dev.stint.checks;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Rules on what a class looks like, seen from its class file.
final class ShapeRules {
  private static final Pattern BANNED_NAME =
      Pattern.compile("(Abstract|Base)[A-Z].*|.*(Impl|Null|Manager|Helper|Utils?)");

  private ShapeRules() {}

  /// One line for every rule that `type` breaks.
  static List<String> findings(JavaClass type) {
    List<String> findings = new ArrayList<>();
    if (BANNED_NAME.matcher(type.getSimpleName()).matches()) {
      findings.add(
          type.getName() + ": name it by what it is, not by its part in an inheritance tree");
    }
    if (!isClosed(type)) {
      findings.add(type.getName() + ": make it final, sealed, a record, an enum or an interface");
    }
    if (ancestorsOfOurs(type) > 1) {
      findings.add(type.getName() + ": extends more than one of our classes; compose instead");
    }
    for (JavaField field : type.getFields()) {
      fieldFinding(field).ifPresent(findings::add);
    }
    return findings;
  }

  private static boolean isClosed(JavaClass type) {
    return type.isInterface()
        || type.isAnnotation()
        || type.isEnum()
        || type.isAnonymousClass()
        || type.getModifiers().contains(JavaModifier.FINAL)
        || type.reflect().isSealed();
  }

  private static long ancestorsOfOurs(JavaClass type) {
    return type.getAllRawSuperclasses().stream()
        .filter(above -> above.getPackageName().startsWith("dev.stint"))
        .count();
  }

  private static Optional<String> fieldFinding(JavaField field) {
    if (field.getModifiers().contains(JavaModifier.SYNTHETIC)) {
      return Optional.empty();
    }
    boolean isStatic = field.getModifiers().contains(JavaModifier.STATIC);
    boolean isFinal = field.getModifiers().contains(JavaModifier.FINAL);
    boolean isPublic = field.getModifiers().contains(JavaModifier.PUBLIC);
    if (isStatic && !isFinal) {
      return Optional.of(
          field.getFullName() + ": static and not final; state belongs to one owner");
    }
    if (isPublic && !isStatic) {
      return Optional.of(field.getFullName() + ": a public field; give it an accessor");
    }
    if (isPublic && field.getRawType().isArray()) {
      return Optional.of(field.getFullName() + ": a public array anyone can write to");
    }
    return Optional.empty();
  }
}
