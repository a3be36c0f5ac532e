/// Writers of results: terminal tables, JSON, HTML and Perfetto traces.
@NullMarked
package dev.stint.report;

import org.jspecify.annotations.NullMarked;
