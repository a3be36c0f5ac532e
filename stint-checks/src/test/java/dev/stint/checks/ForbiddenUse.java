package dev.stint.checks;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A method, constructor or field that must not be used, and what to use instead.
///
/// @param type the full name of the class it is used on, a regular expression
/// @param member its name, a regular expression; constructors are `<init>`
/// @param parameters the simple names of the parameter types, comma-separated, a regular
///   expression; fields have none
/// @param instead what to use instead, and why when that is not plain
record ForbiddenUse(String type, String member, String parameters, String instead) {

  /// Any overload of a member.
  static ForbiddenUse of(String type, String member, String instead) {
    return new ForbiddenUse(type, member, ".*", instead);
  }

  private boolean matches(AccessTarget target) {
    return target.getOwner().getName().matches(type)
        && target.getName().matches(member)
        && parametersOf(target).matches(parameters);
  }

  private static String parametersOf(AccessTarget target) {
    if (target instanceof CodeUnitAccessTarget unit) {
      return unit.getRawParameterTypes().stream()
          .map(JavaClass::getSimpleName)
          .collect(Collectors.joining(","));
    }
    return "";
  }

  /// One line for every use of something on the list: where, what and what to use instead.
  static List<String> findings(Iterable<JavaClass> classes, List<ForbiddenUse> list) {
    List<String> findings = new ArrayList<>();
    for (JavaClass javaClass : classes) {
      for (JavaAccess<?> access : javaClass.getAccessesFromSelf()) {
        for (ForbiddenUse use : list) {
          if (use.matches(access.getTarget())) {
            findings.add(use.finding(access));
          }
        }
      }
    }
    return findings;
  }

  private String finding(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    return "%s %s: %s.%s; use %s"
        .formatted(
            access.getOrigin().getFullName(),
            access.getSourceCodeLocation(),
            target.getOwner().getSimpleName(),
            target.getName(),
            instead);
  }
}
