package cnnlab.augment;

import cnnlab.augment.colour.HueSaturation;
import cnnlab.augment.colour.Stain;
import cnnlab.augment.colour.Tone;
import cnnlab.augment.transform.AffineStep;
import cnnlab.augment.transform.AffineStep.Rotate;
import cnnlab.augment.transform.AffineStep.Shear;
import cnnlab.augment.transform.AffineStep.Translate;
import cnnlab.augment.transform.Axes;
import cnnlab.augment.transform.Blur;
import cnnlab.augment.transform.Border;
import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.Jpeg;
import cnnlab.augment.transform.MatTransform;
import cnnlab.augment.transform.Randomised;
import cnnlab.augment.transform.Warp;
import java.util.ArrayList;
import java.util.List;

/**
 * The transforms of tissue that {@code randomised} draws from, and what a magnitude means for each.
 *
 * <p>The method is that of Faryna, van der Laak and Litjens 2021, "Tailoring automated data
 * augmentation to H&amp;E-stained histopathology" (MIDL, PMLR 143): some transforms are drawn from
 * a list with replacement, each with a magnitude uniform in 0 to m and a random sign. The list
 * leaves out those of RandAugment's transforms that give colours foreign to slides (solarise,
 * posterise, invert) and adds changes of stain and of hue. A magnitude of 10 is the strongest:
 *
 * <table>
 *   <caption>Range at magnitude m</caption>
 *   <tr><th>transform</th><th>range</th><th>the paper's published code</th></tr>
 *   <tr><td>nothing</td><td></td><td>the same</td></tr>
 *   <tr><td>{@link Tone.Brightness}</td><td>±0.02·m</td><td>factor 0.1 to 1.9</td></tr>
 *   <tr><td>{@link Tone.Contrast}</td><td>1 ± 0.05·m</td><td>factor 0.1 to 1.9</td></tr>
 *   <tr><td>{@link HueSaturation}, saturation only</td><td>1 ± 0.05·m</td>
 *     <td>factor 0.1 to 1.9</td></tr>
 *   <tr><td>{@link HueSaturation}</td><td>±3.6°·m (a hundredth of the circle), 1 ± 0.03·m</td>
 *     <td>±0.03·m of the circle, of HSB</td></tr>
 *   <tr><td>{@link Stain}</td><td>sigma 0.03·m, bias 0.01·m</td><td>0.03·m, 0.03·m</td></tr>
 *   <tr><td>{@link Blur}</td><td>0 to 0.1·m pixels</td><td>sharpness 0.1 to 1.9</td></tr>
 *   <tr><td>{@link Jpeg}</td><td>quality 100 − 6·m to 100</td><td>none</td></tr>
 *   <tr><td>{@link Rotate}</td><td>±3°·m</td><td>the same</td></tr>
 *   <tr><td>{@link Shear}, horizontal; vertical</td><td>±0.03·m</td><td>the same</td></tr>
 *   <tr><td>{@link Translate}</td><td>±0.01·m of the side</td><td>±1·m pixels</td></tr>
 * </table>
 *
 * <p>The last four rows are left out with {@code list: colour}: they interpolate, which costs
 * detail on 32x32 pixels. They reflect the image at its edges; in the paper, the area beyond the
 * edges is grey. Differences from the paper:
 *
 * <ul>
 *   <li>Histogram equalisation is left out, because it gives nearly white patches colours that do
 *       not occur on slides.
 *   <li>In the paper's code, the factors of brightness, contrast, saturation and sharpness rise
 *       from 0.1 at magnitude 0 to 1.9 at magnitude 10. Here they are symmetric about 1, and at
 *       magnitude 0 nothing changes except by the rounding of JPEG at quality 100.
 *   <li>Stain and hue draw several numbers; each is uniform in the range of m. The paper's code
 *       draws the range of stain first.
 * </ul>
 *
 * <p>In the paper, flips and quarter turns come first; to do the same, put them before {@code
 * randomised} in the list.
 */
final class Randomising {
  /** The strongest magnitude. */
  static final double STRONGEST = 10;

  /** The transforms to draw from. */
  enum Choice {
    ALL,
    COLOUR
  }

  private static final int BEST_QUALITY = 100;

  private Randomising() {}

  /**
   * A transform for one pipeline.
   *
   * @param transforms how many are drawn for each image
   * @param magnitude m in 0..10
   */
  static MatTransform create(int transforms, double magnitude, Choice choice, Chance chance) {
    double m = magnitude;
    List<MatTransform> list = new ArrayList<>();
    list.add(new Warp(List.of(), null, null, List.of(), Border.REFLECT)); // nothing
    list.add(new Tone.Brightness(0.02 * m, of("brightness")));
    list.add(new Tone.Contrast(0.05 * m, of("contrast")));
    list.add(new HueSaturation(0, 0.05 * m, of("saturation")));
    list.add(new HueSaturation(3.6 * m, 0.03 * m, of("hueSaturation")));
    list.add(new Stain(0.03 * m, 0.01 * m, of("stain")));
    list.add(new Blur(0.1 * m, of("blur")));
    list.add(new Jpeg(BEST_QUALITY - (int) Math.round(6 * m), BEST_QUALITY, of("jpeg")));
    if (choice == Choice.ALL) {
      list.add(warp("rotate", new Rotate(3 * m)));
      list.add(warp("shearX", new Shear(0.03 * m, Axes.HORIZONTAL)));
      list.add(warp("shearY", new Shear(0.03 * m, Axes.VERTICAL)));
      list.add(warp("translate", new Translate(0.01 * m, true)));
    }
    return new Randomised(list, transforms, chance);
  }

  private static MatTransform warp(String name, AffineStep step) {
    return new Warp(List.of(new Warp.Step(step, of(name))), null, null, List.of(), Border.REFLECT);
  }

  private static Chance of(String name) {
    return Chance.of(name, 0, 1);
  }
}
