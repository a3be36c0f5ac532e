package dev.stint.checks.fidelity;

import dev.stint.host.figures.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/// Scenarios by kernels that `validate --kernel` booted: a fold over docs/validation-kernel.md,
/// which `.ci/kernels-matrix` makes.
public final class MatrixSection implements Section {
  private static final int COLUMNS = 9;
  private static final String PASS = "pass";

  /// A figure with a tolerance.
  private record Figure(String name, String error, boolean pass) {}

  /// By scenario, then by kernel.
  private final Map<String, Map<String, List<Figure>>> cells = new TreeMap<>();

  private final TreeSet<String> kernels = new TreeSet<>(MatrixSection::older);

  /// @param page docs/validation-kernel.md
  public static MatrixSection of(Path page) throws IOException {
    MatrixSection matrix = new MatrixSection();
    Files.readAllLines(page).forEach(matrix::add);
    return matrix;
  }

  /// A line such as `| 6.12.117 | 35afeb8f, twice | slices | share of a | 1 % | 1 % | +0 % | 1 % |
  /// pass |`.
  private void add(String line) {
    String[] columns = line.split("\\|", -1);
    if (columns.length != COLUMNS + 2) {
      return;
    }
    String verdict = columns[COLUMNS].strip().replace("*", "");
    String kernel = columns[1].strip();
    if (!kernel.matches("\\d+\\.\\d+\\..*")) {
      return;
    }
    kernels.add(kernel);
    List<Figure> figures =
        cells
            .computeIfAbsent(columns[3].strip(), _ -> new TreeMap<>())
            .computeIfAbsent(kernel, _ -> new ArrayList<>());
    if (verdict.equals(PASS) || verdict.equals("MISS")) {
      figures.add(new Figure(columns[4].strip(), columns[7].strip(), verdict.equals(PASS)));
    }
  }

  private static int older(String one, String other) {
    int[] left = numbers(one);
    int[] right = numbers(other);
    return Arrays.compare(left, right);
  }

  private static int[] numbers(String kernel) {
    return Arrays.stream(kernel.replaceAll("[^0-9.].*", "").split("\\."))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  @Override
  public String title() {
    return "Kernels booted by validate --kernel";
  }

  @Override
  public long passedCount() {
    return figures().stream().filter(Figure::pass).count();
  }

  @Override
  public long checkedCount() {
    return figures().size();
  }

  private List<Figure> figures() {
    return cells.values().stream()
        .flatMap(row -> row.values().stream())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public String markdown() {
    StringBuilder text = new StringBuilder(FidelityTexts.MATRIX);
    text.append("\n| scenario |");
    kernels.forEach(kernel -> text.append(" Linux ").append(kernel).append(" |"));
    text.append("\n|---|").append("---|".repeat(kernels.size())).append("\n");
    cells.forEach((scenario, row) -> {
      text.append("| ").append(scenario).append(" |");
      kernels.forEach(kernel ->
          text.append(" ")
              .append(cell(Objects.requireNonNullElse(row.get(kernel), List.of())))
              .append(" |"));
      text.append("\n");
    });
    return text.toString();
  }

  private static String cell(List<Figure> figures) {
    if (figures.isEmpty()) {
      return "-";
    }
    StringBuilder cell = new StringBuilder();
    long passed = figures.stream().filter(Figure::pass).count();
    cell.append(Figures.format("%d of %d", passed, figures.size()));
    figures.stream()
        .filter(figure -> !figure.pass())
        .forEach(figure ->
            cell.append("; **MISS** ").append(figure.name()).append(" ").append(figure.error()));
    return cell.toString();
  }
}
