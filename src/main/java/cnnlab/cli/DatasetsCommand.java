package cnnlab.cli;

import cnnlab.cli.option.DatasetsOption;
import cnnlab.cli.option.Verbosity;
import cnnlab.console.Output;
import cnnlab.data.DatasetCheck;
import cnnlab.data.Datasets;
import cnnlab.run.ExitCode;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cnnlab datasets}. */
@Command(
    name = "datasets",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {FetchCommand.class, PrepareCommand.class, SampleCommand.class},
    description = "List, verify, download, prepare and sample the data sets.")
public final class DatasetsCommand {
  private static final int SHOWN = 16;

  @Spec private CommandSpec spec;

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Show the data sets and the folders in which they are found.")
  int list(@Mixin DatasetsOption option) {
    Datasets datasets = option.locate();
    TextTable table =
        new TextTable().left("data set").left("what").right("files").right("bytes").left("folder");
    for (Datasets.Entry e : datasets.list(KnownDatasets.ALL)) {
      table.row(
          e.name(),
          e.description(),
          Numbers.count(e.files()),
          Numbers.count(e.bytes()),
          e.found() ? e.folder().toString() : "not found");
    }
    Output words = Verbosity.output(spec);
    words.results().println(table);
    words.progress().println("Searched:");
    for (Datasets.Place place : datasets.places()) {
      words.progress().printf("  %s (%s)%n", place.path(), place.origin());
    }
    return ExitCode.OK;
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description =
          "Compute checksums and compare them with the published ones; exit code 1 if any differs.")
  int verify(
      @Mixin DatasetsOption option,
      @Parameters(
              arity = "0..1",
              paramLabel = "DATASET",
              description = "Verify only this data set.")
          String name) {
    Datasets datasets = option.locate();
    List<DatasetCheck> checks =
        name == null
            ? datasets.verifyAll(KnownDatasets.ALL)
            : datasets.verify(name, KnownDatasets.ALL);
    TextTable table =
        new TextTable().left("data set").left("file").right("bytes").left("SHA-256").left("");
    for (DatasetCheck c : checks) {
      table.row(
          c.dataset(),
          c.file().getFileName().toString(),
          Numbers.count(c.bytes()),
          shortened(c.sha256()),
          c.status().toString());
    }
    PrintStream results = Verbosity.output(spec).results();
    results.println(table);
    for (DatasetCheck c : checks) {
      if (c.status() == DatasetCheck.Status.BAD) {
        results.printf(
            "%s%n  SHA-256 found    %s%n  SHA-256 expected %s%n",
            c.file(), c.sha256(), c.expected());
      } else if (c.status() == DatasetCheck.Status.MISSING) {
        results.printf("%s%n  is missing%n", c.file());
      }
    }
    boolean bad =
        checks.stream()
            .anyMatch(
                c ->
                    c.status() == DatasetCheck.Status.BAD
                        || c.status() == DatasetCheck.Status.MISSING);
    return bad ? ExitCode.FAILED : ExitCode.OK;
  }

  /**
   * The full checksum would make the table wider than a terminal; a wrong one is shown in full
   * below.
   */
  private static String shortened(String sha256) {
    return sha256.length() <= SHOWN ? sha256 : sha256.substring(0, SHOWN) + "...";
  }
}
