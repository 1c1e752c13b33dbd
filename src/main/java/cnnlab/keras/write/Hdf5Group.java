package cnnlab.keras.write;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A group of an HDF5 file to be written: groups, arrays and text attributes by name. */
final class Hdf5Group {
  final Map<String, Hdf5Group> groups = new LinkedHashMap<>();
  final Map<String, WeightValues> arrays = new LinkedHashMap<>();

  /** An attribute is a single text, or a list of them. */
  final Map<String, Object> texts = new LinkedHashMap<>();

  /** The group at a path of names; missing groups are created. */
  Hdf5Group group(String path) {
    Hdf5Group at = this;
    for (String name : path.split("/")) {
      at = at.groups.computeIfAbsent(name, key -> new Hdf5Group());
    }
    return at;
  }

  /** Puts an array at a path of names; missing groups are created. */
  void array(String path, WeightValues values) {
    int last = path.lastIndexOf('/');
    Hdf5Group in = last < 0 ? this : group(path.substring(0, last));
    in.arrays.put(path.substring(last + 1), values);
  }

  void text(String name, String text) {
    texts.put(name, text);
  }

  void texts(String name, List<String> list) {
    texts.put(name, List.copyOf(list));
  }
}
