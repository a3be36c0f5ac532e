package dev.stint.bench;

import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import java.util.List;

/// How large a scenario is.
final class Counts {
  private Counts() {}

  static int vms(Scenario scenario) {
    return vms(scenario.partitions());
  }

  static int tasks(Scenario scenario) {
    return tasks(scenario.partitions());
  }

  private static int vms(List<PartitionSpec> partitions) {
    int count = 0;
    for (PartitionSpec partition : partitions) {
      count += (partition.kind() == PartitionKind.ROOT ? 0 : 1) + vms(partition.children());
    }
    return count;
  }

  private static int tasks(List<PartitionSpec> partitions) {
    int count = 0;
    for (PartitionSpec partition : partitions) {
      count += partition.tasks().size() + tasks(partition.children());
    }
    return count;
  }
}
