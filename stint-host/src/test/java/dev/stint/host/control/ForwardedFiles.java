package dev.stint.host.control;

import java.io.IOException;
import java.util.List;

/// Files that are another's, but for what is overridden.
interface ForwardedFiles extends ControlFiles {
  /// Whose they are.
  ControlFiles to();

  @Override
  default int version(String controller) {
    return to().version(controller);
  }

  @Override
  default String read(ControlFile file) throws IOException {
    return to().read(file);
  }

  @Override
  default void write(ControlFile file, String text) throws IOException {
    to().write(file, text);
  }

  @Override
  default String identity(ControlFile file) throws IOException {
    return to().identity(file);
  }

  @Override
  default List<String> children(String controller, String group) throws IOException {
    return to().children(controller, group);
  }
}
