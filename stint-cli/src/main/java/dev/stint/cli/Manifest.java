package dev.stint.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The list of a run directory's files, which is written last: a directory with a manifest whose
/// files are all there is complete.
///
/// @param stint the version that wrote it
/// @param scenario name
/// @param digest of all runs
/// @param assemblies in order; the events of each are in the file of its name
/// @param files all but the manifest itself
record Manifest(
    String stint, String scenario, String digest, List<String> assemblies, List<Entry> files) {
  static final String NAME = "manifest.json";
  private static final String KIND = "stint run directory";
  private static final int FORMAT = 1;

  Manifest {
    assemblies = List.copyOf(assemblies);
    files = List.copyOf(files);
  }

  /// One file, by its path in the directory.
  record Entry(String name, long bytes, String sha256) {}

  byte[] json() {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode root = mapper.createObjectNode();
    root.put("kind", KIND);
    root.put("format", FORMAT);
    root.put("stint", stint);
    root.put("scenario", scenario);
    root.put("digest", digest);
    ArrayNode names = root.putArray("assemblies");
    assemblies.forEach(names::add);
    ArrayNode list = root.putArray("files");
    for (Entry file : files) {
      list.addObject()
          .put("name", file.name())
          .put("bytes", file.bytes())
          .put("sha256", file.sha256());
    }
    return mapper.writeValueAsBytes(root);
  }

  /// Reads the manifest of a complete run directory.
  ///
  /// @throws IOException when there is none, or a file is missing or has another size: the message
  ///   says which
  static Manifest read(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no " + NAME + ", so it is no complete run directory");
    }
    Manifest manifest;
    try {
      manifest = of(JsonMapper.shared().readTree(Files.readAllBytes(file)));
    } catch (JacksonException e) {
      throw new IOException(NAME + " is no JSON: " + e.getOriginalMessage(), e);
    }
    for (Entry entry : manifest.files()) {
      Path part = directory.resolve(entry.name());
      if (!Files.isRegularFile(part)) {
        throw new IOException(entry.name() + " is missing");
      }
      if (Files.size(part) != entry.bytes()) {
        throw new IOException(
            entry.name() + " has " + Files.size(part) + " bytes and should have " + entry.bytes());
      }
    }
    return manifest;
  }

  private static Manifest of(JsonNode root) throws IOException {
    if (!root.path("kind").asString("").equals(KIND) || root.path("format").asInt(0) != FORMAT) {
      throw new IOException(NAME + " is not of a run directory of format " + FORMAT);
    }
    List<String> assemblies = new ArrayList<>();
    root.path("assemblies").forEach(name -> assemblies.add(name.asString("")));
    List<Entry> files = new ArrayList<>();
    for (JsonNode file : root.path("files")) {
      files.add(
          new Entry(
              file.path("name").asString(""),
              file.path("bytes").asLong(-1),
              file.path("sha256").asString("")));
    }
    return new Manifest(
        root.path("stint").asString(""),
        root.path("scenario").asString(""),
        root.path("digest").asString(""),
        assemblies,
        files);
  }

  /// What is in the directory that the manifest does not list.
  List<String> strangers(Path directory) throws IOException {
    Set<String> known = new TreeSet<>(files.stream().map(Entry::name).toList());
    known.add(NAME);
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> directory.relativize(path).toString().replace('\\', '/'))
          .filter(name -> !known.contains(name))
          .sorted()
          .toList();
    }
  }
}
