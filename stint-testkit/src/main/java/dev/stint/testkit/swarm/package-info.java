/// Random scenarios from a seed.
@org.jspecify.annotations.NullMarked
package dev.stint.testkit.swarm;
