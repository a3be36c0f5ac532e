/// The self-contained page that shows a run or a comparison (docs/report.md).
@NullMarked
package dev.stint.report.html;

import org.jspecify.annotations.NullMarked;
