/// Scenario text to scenario records and back, with every error at its line and column; and
/// expected figures.
@NullMarked
package dev.stint.scenario;

import org.jspecify.annotations.NullMarked;
