/// The mshv driver: joins a Linux task (the vCPU thread) to the virtual processor it carries.
@NullMarked
package dev.stint.model.mshv;

import org.jspecify.annotations.NullMarked;
