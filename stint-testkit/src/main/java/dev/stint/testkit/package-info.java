/// What tests share: builders, text timelines, invariant checkers and naive oracles.
@NullMarked
package dev.stint.testkit;

import org.jspecify.annotations.NullMarked;
