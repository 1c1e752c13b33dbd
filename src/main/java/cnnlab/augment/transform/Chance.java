package cnnlab.augment.transform;

/**
 * When a transform is applied, and from which random stream it draws. The stream belongs to the
 * transform's name, not to its place: taking a transform out of a pipeline changes no draw of the
 * others, so that ablations compare like with like.
 *
 * @param stream the transform's own number, mixed into the seed of each image
 * @param probability of being applied to an image, in (0, 1]
 */
public record Chance(long stream, double probability) {
  /** The {@code occurrence}-th (from 0) transform of this name. */
  public static Chance of(String name, int occurrence, double probability) {
    long text = (long) name.hashCode() << 32 | occurrence;
    return new Chance(ImageRandom.mix(text), probability);
  }

  /** Starts this transform's draws for an image; whether the transform is applied to it. */
  boolean begin(ImageRandom draws, long imageSeed) {
    draws.setSeed(ImageRandom.mix(imageSeed + stream));
    return probability >= 1 || draws.nextDouble() < probability;
  }
}
