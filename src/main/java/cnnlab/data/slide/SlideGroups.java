package cnnlab.data.slide;

import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import cnnlab.data.Split;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Groups of training patches, such that patches of the same slide are probably in the same group.
 * PatchCamelyon's files do not say which slide a patch comes from, so this is estimated from two
 * facts: overlapping patches certainly come from the same slide, and slides differ in staining.
 * Components of overlapping patches are clustered as a whole by the staining of their patches (see
 * {@link Staining}, {@link StainSpace}), so overlapping patches are always in the same group.
 * Labels are not used.
 *
 * <p>If a network is trained on the other groups and validated on one, no validation patch overlaps
 * a training patch, as far as {@link Overlaps} finds it (not where all that two patches have in
 * common is nearly blank), and the staining differs from all that the network has seen.
 *
 * @param of the group of each patch [N], 1, 2, ... with the largest group first
 * @param groups number of groups
 * @param evidence how well the patches support the groups
 */
public record SlideGroups(int[] of, int groups, Evidence evidence) {
  /** Components of at least this size probably have pairs of patches without a common pixel. */
  private static final int LARGE = 3;

  private static final int PAIRS_EACH = 6;
  private static final int HALVES = 4;
  private static final long SEED = 1;

  /**
   * How well the patches support the groups.
   *
   * @param overlaps pairs of patches that overlap
   * @param overlapping patches that overlap another one
   * @param links pairs of patches of one component that do not overlap, up to 6 from each
   *     component; only from the half of the components that the space was not learned from
   * @param kept the share of these pairs whose two patches are in the same group when each patch is
   *     assigned by itself; NaN if there are no such pairs
   * @param byChance the share of all pairs of patches that are in the same group
   * @param stability mean agreement of groups found from random halves of the components: the
   *     adjusted Rand index, 1 if they are the same, 0 if they agree only by chance
   */
  public record Evidence(
      int overlaps, int overlapping, int links, double kept, double byChance, double stability) {}

  /**
   * Groups patches. A pure function of the patches; it takes seconds for 28,000 of them.
   *
   * @param set RGB patches, squares with sides that are multiples of 8 pixels
   * @param groups number of groups, at least 2
   * @throws IllegalArgumentException when there are too few separate patches or stainings
   */
  public static SlideGroups of(ImageSet set, int groups) {
    List<int[]> overlaps = Overlaps.find(set);
    Components components = Components.of(set.count(), overlaps);
    if (groups < 2 || components.count() < 4 * groups) {
      throw new IllegalArgumentException(
          "%s: %d groups of %d patches that do not overlap; at least 2 groups and %d such patches expected"
              .formatted(set.name(), groups, components.count(), 4 * groups));
    }
    double[][] features = Staining.of(set);
    double[][] points = StainSpace.of(features, components.withAtLeast(2)).points(features);
    double[][] centres = means(points, components);
    int[] found = Clusters.of(List.of(centres), groups, SEED).nearest(centres);
    int distinct = (int) Arrays.stream(found).distinct().count();
    if (distinct < groups) {
      throw new IllegalArgumentException(
          "%s: %d groups, but the patches have only %d different stainings"
              .formatted(set.name(), groups, distinct));
    }
    int[] of = bySize(Arrays.stream(components.of()).map(c -> found[c]).toArray(), groups);
    return new SlideGroups(
        of, groups, evidence(features, new Found(components, overlaps, centres), groups));
  }

  private record Found(Components components, List<int[]> overlaps, double[][] centres) {}

  /** The patches of a group. */
  public int[] members(int group) {
    return IntStream.range(0, of.length).filter(i -> of[i] == group).toArray();
  }

  /** The patches of all other groups. */
  public int[] others(int group) {
    return IntStream.range(0, of.length).filter(i -> of[i] != group).toArray();
  }

  private static double[][] means(double[][] points, Components components) {
    return components.members().stream()
        .map(members -> StainSpace.mean(points, members))
        .toArray(double[][]::new);
  }

  /** Numbers clusters 1, 2, ... by their size, the largest first. */
  private static int[] bySize(int[] clusters, int k) {
    int[] size = new int[k];
    Arrays.stream(clusters).forEach(c -> size[c]++);
    List<Integer> order =
        IntStream.range(0, k)
            .boxed()
            .sorted(Comparator.comparingInt((Integer c) -> -size[c]))
            .toList();
    return Arrays.stream(clusters).map(c -> order.indexOf(c) + 1).toArray();
  }

  private static Evidence evidence(double[][] features, Found found, int groups) {
    List<List<Integer>> large = found.components.withAtLeast(LARGE);
    List<List<Integer>> learned = everySecond(large, 0);
    double[][] points = StainSpace.of(features, learned).points(features);
    double[][] centres = means(points, found.components);
    int[] alone = Clusters.of(List.of(centres), groups, SEED).nearest(points);
    List<int[]> links = links(everySecond(large, 1), found.overlaps);
    double kept =
        links.stream()
            .mapToInt(p -> alone[p[0]] == alone[p[1]] ? 1 : 0)
            .average()
            .orElse(Double.NaN);
    double chance = 0;
    for (int g = 0; g < groups; g++) {
      int group = g;
      double share = (double) Arrays.stream(alone).filter(a -> a == group).count() / alone.length;
      chance += share * share;
    }
    return new Evidence(
        found.overlaps.size(),
        found.components.withAtLeast(2).stream().mapToInt(List::size).sum(),
        links.size(),
        kept,
        chance,
        stability(found, groups));
  }

  private static List<List<Integer>> everySecond(List<List<Integer>> all, int from) {
    return IntStream.range(0, all.size()).filter(i -> i % 2 == from).mapToObj(all::get).toList();
  }

  private static List<int[]> links(List<List<Integer>> components, List<int[]> overlaps) {
    Set<Long> direct = overlaps.stream().map(p -> key(p[0], p[1])).collect(Collectors.toSet());
    return components.stream()
        .flatMap(
            members ->
                IntStream.range(0, members.size())
                    .boxed()
                    .flatMap(
                        i ->
                            IntStream.range(i + 1, members.size())
                                .mapToObj(j -> new int[] {members.get(i), members.get(j)}))
                    .filter(p -> !direct.contains(key(p[0], p[1])))
                    .limit(PAIRS_EACH))
        .toList();
  }

  private static long key(int i, int j) {
    return ((long) i << Integer.SIZE) + j;
  }

  private static double stability(Found found, int groups) {
    int n = found.centres.length;
    int[][] clusterings = new int[HALVES][];
    for (int h = 0; h < HALVES; h++) {
      int[] order = IntStream.range(0, n).toArray();
      Split.shuffle(order, Seeds.random(SEED, "half-" + h));
      List<double[]> half = Arrays.stream(order, 0, n / 2).mapToObj(i -> found.centres[i]).toList();
      int[] clusters = Clusters.of(half, groups, SEED + h).nearest(found.centres);
      clusterings[h] = Arrays.stream(found.components.of()).map(c -> clusters[c]).toArray();
    }
    double sum = 0;
    int count = 0;
    for (int i = 0; i < HALVES; i++) {
      for (int j = 0; j < i; j++) {
        sum += Clusters.adjustedRandIndex(clusterings[i], clusterings[j], groups);
        count++;
      }
    }
    return sum / count;
  }
}
