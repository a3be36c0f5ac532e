package dev.stint.report.html;

/// What to type for more than the page shows.
///
/// @param again gives this page again
/// @param explain explains a wait, once `--under`, `--entity` and `--at` are added
public record Commands(String again, String explain) {}
