package dev.stint.checks;

import java.util.List;

/// What the modules may not use. The model, scenario and report modules must give the same bytes
/// for the same input on any machine, in any run.
final class ForbiddenUses {
  private static final String STREAMS = "a named stream of dev.stint.model.sim.RandomStreams";
  private static final String SIMULATED =
      "the simulation's own clock, or a time given as an argument";
  private static final String ORDERED_MAP =
      "LinkedHashMap, TreeMap or EnumMap (wrap with Collections.unmodifiableMap):"
          + " this one's order changes from run to run";
  private static final String ORDERED_SET =
      "LinkedHashSet, TreeSet or EnumSet (wrap with Collections.unmodifiableSet):"
          + " this one's order changes from run to run";
  private static final String LOCALE = "the overload with Locale.ROOT";

  /// For the model, scenario and report modules.
  static final List<ForbiddenUse> IN_PURE_MODULES =
      List.of(
          ForbiddenUse.of("java.lang.System", "nanoTime|currentTimeMillis", SIMULATED),
          ForbiddenUse.of("java.lang.System", "identityHashCode", "an id of our own"),
          ForbiddenUse.of("java.lang.System", "getenv|getProperty|lineSeparator", "an argument"),
          ForbiddenUse.of("java.time.Clock", "system.*|tick.*", SIMULATED),
          new ForbiddenUse(
              "java.time.(Instant|LocalDate|LocalTime|LocalDateTime|ZonedDateTime|OffsetDateTime)",
              "now",
              ".*",
              SIMULATED),
          ForbiddenUse.of(
              "java.nio.file.Files",
              "write.*|new(OutputStream|BufferedWriter|ByteChannel)|create.*|delete.*|move|copy"
                  + "|list|walk.*|find",
              "arguments: a library reads the file it is given; the command line does the rest"),
          ForbiddenUse.of("java.lang.Math", "random", STREAMS),
          ForbiddenUse.of("java.util.Random", "<init>", STREAMS),
          ForbiddenUse.of("java.util.SplittableRandom", "<init>", STREAMS),
          ForbiddenUse.of("java.security.SecureRandom", "<init>", STREAMS),
          ForbiddenUse.of("java.util.UUID", "randomUUID", STREAMS),
          ForbiddenUse.of("java.util.Collections", "shuffle", STREAMS),
          ForbiddenUse.of("java.util.HashMap", "<init>", ORDERED_MAP),
          ForbiddenUse.of("java.util.IdentityHashMap", "<init>", ORDERED_MAP),
          ForbiddenUse.of("java.util.WeakHashMap", "<init>", ORDERED_MAP),
          ForbiddenUse.of("java.util.HashSet", "<init>", ORDERED_SET),
          new ForbiddenUse("java.util.Map", "of", "(Object,){3,}Object", ORDERED_MAP),
          ForbiddenUse.of("java.util.Map", "copyOf|ofEntries", ORDERED_MAP),
          new ForbiddenUse("java.util.Set", "of", "Object\\[\\]|(Object,)+Object", ORDERED_SET),
          ForbiddenUse.of("java.util.Set", "copyOf", ORDERED_SET),
          ForbiddenUse.of("java.util.stream.Collectors", "toSet|toUnmodifiableSet", ORDERED_SET),
          ForbiddenUse.of("java.util.stream.Collectors", "toUnmodifiableMap", ORDERED_MAP),
          new ForbiddenUse(
              "java.util.stream.Collectors",
              "toMap",
              "(Function,)?Function(,BinaryOperator)?",
              ORDERED_MAP),
          new ForbiddenUse(
              "java.util.stream.Collectors", "groupingBy", "Function(,Collector)?", ORDERED_MAP),
          ForbiddenUse.of("java.util.Collection", "parallelStream", "stream()"),
          ForbiddenUse.of(
              "java.lang.Math",
              "a?(sin|cos|tan)h?|atan2|exp|expm1|log|log10|log1p|pow|cbrt|hypot",
              "StrictMath: Math may differ in the last bit between processors"),
          new ForbiddenUse("java.lang.String", "format", "String,Object\\[\\]", LOCALE),
          ForbiddenUse.of("java.lang.String", "formatted", "String.format(Locale.ROOT, ...)"),
          new ForbiddenUse("java.lang.String", "to(Upper|Lower)Case", "", LOCALE),
          new ForbiddenUse(
              "java.io.Print(Stream|Writer)", "printf|format", "String,Object\\[\\]", LOCALE),
          new ForbiddenUse("java.util.Formatter", "<init>", "(?!.*Locale).*", LOCALE),
          new ForbiddenUse("java.text.DecimalFormat", "<init>", "(String)?", LOCALE),
          new ForbiddenUse("java.time.format.DateTimeFormatter", "ofPattern", "String", LOCALE),
          ForbiddenUse.of("java.util.Locale", "getDefault", "Locale.ROOT"),
          ForbiddenUse.of("java.util.TimeZone", "getDefault", "UTC"));

  /// For everything but the command line.
  static final List<ForbiddenUse> OUTSIDE_CLI =
      List.of(
          ForbiddenUse.of(
              "java.lang.System", "out|err|in", "a writer or reader given as an argument"),
          ForbiddenUse.of("java.lang.System", "exit", "an exception or a result"),
          ForbiddenUse.of(
              "java.lang.Runtime", "exit|halt|addShutdownHook", "an exception or a result"),
          ForbiddenUse.of("java.lang.Throwable", "printStackTrace", "an exception with a cause"));

  private ForbiddenUses() {}
}
