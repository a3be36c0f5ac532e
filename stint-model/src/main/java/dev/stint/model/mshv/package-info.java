/// The mshv driver: it joins a Linux task to a VP, and is the only place that knows both sides.
@org.jspecify.annotations.NullMarked
package dev.stint.model.mshv;
