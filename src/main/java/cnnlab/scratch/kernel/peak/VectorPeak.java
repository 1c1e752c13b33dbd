package cnnlab.scratch.kernel.peak;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A loop of nothing but fused multiplications and additions in registers: no other loop does more
 * of them in the same time. {@value #CHAINS} sums are independent of each other, more than the
 * processor needs to hide how long one operation takes.
 */
public final class VectorPeak implements PeakLoop {
  private static final int CHAINS = 12;

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  @Override
  public int operations() {
    return 2 * CHAINS * SPECIES.length();
  }

  @Override
  public double run(int rounds) {
    FloatVector factor = FloatVector.broadcast(SPECIES, 0.999_9f);
    FloatVector summand = FloatVector.broadcast(SPECIES, 1e-3f);
    FloatVector a = summand;
    FloatVector b = summand;
    FloatVector c = summand;
    FloatVector d = summand;
    FloatVector e = summand;
    FloatVector f = summand;
    FloatVector g = summand;
    FloatVector h = summand;
    FloatVector i = summand;
    FloatVector j = summand;
    FloatVector k = summand;
    FloatVector l = summand;
    for (int round = 0; round < rounds; round++) {
      a = a.fma(factor, summand);
      b = b.fma(factor, summand);
      c = c.fma(factor, summand);
      d = d.fma(factor, summand);
      e = e.fma(factor, summand);
      f = f.fma(factor, summand);
      g = g.fma(factor, summand);
      h = h.fma(factor, summand);
      i = i.fma(factor, summand);
      j = j.fma(factor, summand);
      k = k.fma(factor, summand);
      l = l.fma(factor, summand);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
    sum = sum.add(g).add(h).add(i).add(j).add(k).add(l);
    float[] lanes = new float[SPECIES.length()];
    sum.intoArray(lanes, 0);
    double total = 0;
    for (float lane : lanes) {
      total += lane;
    }
    return total;
  }
}
