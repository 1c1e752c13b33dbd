package cnnlab.augment.transform;

/**
 * The probability and the random stream of a transform. The stream belongs to the transform's name,
 * not to its position: removing a transform from a pipeline does not change the random numbers of
 * the others, so that ablations are comparable.
 *
 * @param stream the transform's own number, mixed into the seed of each image
 * @param probability the probability of being applied to an image, in (0, 1]
 */
public record Chance(long stream, double probability) {
  /** The {@code occurrence}-th (from 0) transform of this name. */
  public static Chance of(String name, int occurrence, double probability) {
    long text = (long) name.hashCode() << 32 | occurrence;
    return new Chance(ImageRandom.mix(text), probability);
  }

  /** Seeds this transform's random numbers for an image; returns whether it is applied to it. */
  public boolean begin(ImageRandom draws, long imageSeed) {
    draws.setSeed(ImageRandom.mix(imageSeed + stream));
    return probability >= 1 || draws.nextDouble() < probability;
  }
}
