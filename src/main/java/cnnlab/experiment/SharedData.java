package cnnlab.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Data that many trainings read at the same time: made once for each key, by the first that needs
 * it, while the others wait. Only what was used last is kept, so that memory stays bounded however
 * many keys there are; what is still in use lives on.
 */
public final class SharedData<K, V> {
  private static final int KEPT = 4;

  private final Map<K, V> kept = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param make called by one thread at a time
   */
  public synchronized V get(K key, Supplier<V> make) {
    V value = kept.get(key);
    if (value == null) {
      value = make.get();
      kept.put(key, value);
      if (kept.size() > KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    return value;
  }
}
