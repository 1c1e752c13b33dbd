package cnnlab.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Data that many trainings read at the same time. The first training that needs a key creates its
 * value while the others wait. Only the most recently used values are kept, so that memory stays
 * bounded; a value still in use elsewhere stays alive.
 */
public final class SharedData<K, V> {
  private static final int KEPT = 4;

  private final Map<K, V> kept = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * The value of a key.
   *
   * @param make creates the value if it is not kept; called by one thread at a time
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
