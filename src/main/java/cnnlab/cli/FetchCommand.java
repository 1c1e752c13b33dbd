package cnnlab.cli;

import cnnlab.cli.option.DatasetsOption;
import cnnlab.cli.option.PublishedDataset;
import cnnlab.cli.option.Verbosity;
import cnnlab.console.Output;
import cnnlab.console.TransferProgress;
import cnnlab.data.download.Download;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.PatchRelease;
import cnnlab.run.ExitCode;
import cnnlab.run.ShellCommand;
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
      "Download a data set's published files and verify their checksums.",
      "An interrupted download resumes where it stopped. Files are stored in the folder that is searched first:"
          + " --datasets, else $CNNLAB_DATASETS, else datasets/."
    })
final class FetchCommand implements Callable<Integer> {
  private static final int MOST_PORT = 65_535;

  @Mixin private PublishedDataset dataset;
  @Mixin private DatasetsOption datasets;

  @Option(
      names = "--url",
      paramLabel = "BASE",
      description = "A mirror: the address of the folder with the files; default: Zenodo.")
  private URI url = PatchRelease.ZENODO;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    dataset.require(spec);
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("(?i)https?")) {
      throw new ParameterException(
          spec.commandLine(),
          "--url is '%s'; it must be an http or https address such as %s"
              .formatted(url, PatchRelease.ZENODO));
    }
    if (url.getPort() == 0
        || url.getPort() > MOST_PORT
        || url.getRawQuery() != null
        || url.getRawFragment() != null
        || url.getRawUserInfo() != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--url is '%s'; it must be the address of a folder, with a port of at most %d and without a user, ? or #"
              .formatted(url, MOST_PORT));
    }
    Path folder = datasets.locate().destination(PatchCamelyon.OFFICIAL);
    Output out = Verbosity.output(spec);
    out.progress().printf("From %s%nto   %s%n", url, folder);
    Thread stopped = new Thread(FetchCommand::tellHowToResume, "interruption");
    Runtime.getRuntime().addShutdownHook(stopped);
    try (TransferProgress progress = TransferProgress.start(out.progress(), out.decorated())) {
      PatchRelease.fetch(url, folder, Download.Limits.USUAL, listener(progress));
    } finally {
      remove(stopped);
    }
    out.progress()
        .println(
            "Next: "
                + ShellCommand.line(
                    "datasets", "prepare", "patchcamelyon", "--crop", "32", "--n", "100000"));
    return ExitCode.OK;
  }

  /** The next download resumes from the partial files; nothing has to be written here. */
  private static void tellHowToResume() {
    System.err.printf(
        "%nInterrupted. The downloaded part is kept; run the same command again to resume.%n");
    System.err.flush();
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The hook is running: it tells the user.
    }
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
