package dev.stint.scenario;

import dev.stint.model.stack.Assembly;

/// A figure that a run is expected to show, and why.
///
/// @param assembly under which assembly
/// @param path of which entities; `*` stands for any part of a name, and every entity that fits is
///   checked
/// @param figure which figure, for example `share`
/// @param unit the figure's
/// @param value expected, in that unit: a fraction, nanoseconds or a count
/// @param tolerance the greatest difference from the value, in the same unit
/// @param source where the value comes from
public record Expectation(
    Assembly assembly,
    String path,
    String figure,
    FigureUnit unit,
    double value,
    double tolerance,
    String source) {}
