/// Tests over all modules: architecture, forbidden calls, tidiness, documents and commit titles.
@NullMarked
package dev.stint.checks;

import org.jspecify.annotations.NullMarked;
