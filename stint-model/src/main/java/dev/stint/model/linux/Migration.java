package dev.stint.model.linux;

/// In what an imbalance is measured, and so which tasks fit it (`enum migration_type`).
enum Migration {
  LOAD,
  UTIL,
  TASK
}
