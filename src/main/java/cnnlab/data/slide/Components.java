package cnnlab.data.slide;

import java.util.ArrayList;
import java.util.List;

/**
 * Connected components of overlapping patches, found by union-find.
 *
 * @param of the component of each patch [N], numbered 0, 1, ... in the order of their first patches
 * @param members the patches of each component, in order
 */
record Components(int[] of, List<List<Integer>> members) {

  /**
   * @param n number of patches
   * @param pairs pairs {i, j} of patches that belong together
   */
  static Components of(int n, List<int[]> pairs) {
    int[] parent = new int[n];
    for (int i = 0; i < n; i++) {
      parent[i] = i;
    }
    for (int[] pair : pairs) {
      int a = root(parent, pair[0]);
      int b = root(parent, pair[1]);
      parent[Math.max(a, b)] = Math.min(a, b);
    }
    int[] of = new int[n];
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      // A root is the smallest index of its component, so it comes first.
      int root = root(parent, i);
      if (root == i) {
        of[i] = members.size();
        members.add(new ArrayList<>());
      } else {
        of[i] = of[root];
      }
      members.get(of[i]).add(i);
    }
    return new Components(of, members);
  }

  private static int root(int[] parent, int i) {
    int at = i;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  /** The number of components. */
  int count() {
    return members.size();
  }

  /** The components with at least that many patches. */
  List<List<Integer>> withAtLeast(int size) {
    return members.stream().filter(m -> m.size() >= size).toList();
  }
}
