/// A real Linux kernel as an oracle without noise: boots one in an emulator whose time is its
/// instruction count, has it run a scenario, and sets what it did beside the model.
@NullMarked
package dev.stint.host.kernel;

import org.jspecify.annotations.NullMarked;
