/// KVM: the run loop of a vCPU thread of a host Linux that schedules its guests itself.
@org.jspecify.annotations.NullMarked
package dev.stint.model.kvm;
