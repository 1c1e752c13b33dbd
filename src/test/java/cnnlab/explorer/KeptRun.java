package cnnlab.explorer;

import cnnlab.inference.EpochWeights;
import cnnlab.inference.ModelRecord;
import cnnlab.model.TrainableGraphs;
import cnnlab.model.TrainableGraphs.Kind;
import cnnlab.model.TrainableGraphs.Optimiser;
import cnnlab.store.RunDirectory;
import cnnlab.task1.Task1Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A finished run whose weights of other epochs were kept. */
public final class KeptRun {
  private KeptRun() {}

  /** A run directory as a task leaves it, with the weights of epochs 0, 2 and 3. */
  public static Path write(Path folder, int seed) throws IOException {
    try (RunDirectory directory = RunDirectory.at(folder)) {
      for (int epoch : new int[] {0, 2, 3}) {
        ComputationGraph then =
            TrainableGraphs.create(Kind.TASK1, seed + epoch, Optimiser.ADAM, 0.001);
        EpochWeights.write(directory, EpochWeights.FOLDER, epoch, then);
      }
      ComputationGraph kept = TrainableGraphs.create(Kind.TASK1, seed + 2, Optimiser.ADAM, 0.001);
      ModelRecord.save(
          directory,
          "model",
          kept,
          new ModelRecord.Trained("task1", "task1", "task1", 1, 1, "dl4j", 2),
          ModelRecord.Images.digits(List.of()),
          Task1Config.DEFAULT);
      directory.writeText(
          "history.csv",
          "epoch,batchLoss,validationLoss,validationAccuracy\n1,3,2,0.5\n2,2.5,NaN,\n3,1,0.5,0.75\n");
    }
    return folder.resolve("model.zip");
  }
}
