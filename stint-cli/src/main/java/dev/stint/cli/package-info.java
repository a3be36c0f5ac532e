/// The command line: reads arguments, calls the libraries, prints, and sets the exit code.
@NullMarked
package dev.stint.cli;

import org.jspecify.annotations.NullMarked;
