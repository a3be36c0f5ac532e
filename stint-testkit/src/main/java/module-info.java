/// Builders, text timelines, naive oracles and random scenarios for tests.
module dev.stint.testkit {
  requires transitive dev.stint.model;
  requires static org.jspecify;
  requires org.assertj.core;
  requires org.junit.jupiter.api;

  exports dev.stint.testkit;
  exports dev.stint.testkit.isolation;
  exports dev.stint.testkit.ledger;
  exports dev.stint.testkit.swarm;
}
