package cnnlab;

import cnnlab.data.Download;
import cnnlab.data.PatchCamelyon;
import cnnlab.data.PatchRelease;
import cnnlab.experiment.Commands;
import cnnlab.report.TransferProgress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cnnlab datasets fetch}. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    description = {
      "Download a data set's published files and check their sums.",
      "What was interrupted goes on where it stood. They go into the place that is searched first:"
          + " --datasets, else $CNNLAB_DATASETS, else datasets/."
    })
final class FetchCommand implements Callable<Integer> {
  @Mixin private PublishedDataset dataset;
  @Mixin private DatasetsOption datasets;

  @Option(
      names = "--url",
      paramLabel = "BASE",
      description = "A mirror: the address of the folder that has the files. Default: Zenodo.")
  private URI url = PatchRelease.ZENODO;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    dataset.require(spec);
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("(?i)https?")) {
      throw new ParameterException(
          spec.commandLine(),
          "--url is '%s', it must be an http or https address such as %s"
              .formatted(url, PatchRelease.ZENODO));
    }
    Path folder = datasets.locate().destination(PatchCamelyon.OFFICIAL);
    System.out.printf("From %s%nto   %s%n", url, folder);
    try (TransferProgress progress = TransferProgress.onConsole()) {
      PatchRelease.fetch(url, folder, Download.Limits.USUAL, listener(progress));
    }
    System.out.println("Next: cnnlab datasets prepare patchcamelyon --crop 32 --n 100000");
    return Commands.OK;
  }

  private static Download.Listener listener(TransferProgress progress) {
    return new Download.Listener() {
      @Override
      public void progress(String name, long bytes, long total) {
        progress.at(name, bytes, total);
      }

      @Override
      public void message(String line) {
        progress.line(line);
      }
    };
  }
}
