package cnnlab;

import cnnlab.data.Datasets;
import cnnlab.experiment.Commands;
import cnnlab.report.Numbers;
import cnnlab.report.TextTable;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cnnlab datasets}. */
@Command(
    name = "datasets",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "List and verify the data sets.")
final class DatasetsCommand {

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Show which data sets are found, and where.")
  int list(@Mixin DatasetsOption option) {
    Datasets datasets = option.locate();
    TextTable table =
        new TextTable().left("data set").left("folder").right("files").right("bytes").left("what");
    for (Datasets.Entry e : datasets.list()) {
      table.row(
          e.name(),
          e.found() ? e.folder().toString() : "not found",
          Numbers.count(e.files()),
          Numbers.count(e.bytes()),
          e.description());
    }
    System.out.println(table);
    System.out.println("Looked in:");
    for (Datasets.Place place : datasets.places()) {
      System.out.printf("  %s (%s)%n", place.path(), place.origin());
    }
    return Commands.OK;
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description =
          "Compute checksums and compare them with the known ones; exit code 1 when one is wrong.")
  int verify(
      @Mixin DatasetsOption option,
      @Parameters(arity = "0..1", paramLabel = "DATASET", description = "Only this data set.")
          String name) {
    Datasets datasets = option.locate();
    List<Datasets.Check> checks = name == null ? datasets.verifyAll() : datasets.verify(name);
    TextTable table =
        new TextTable().left("data set").left("file").right("bytes").left("SHA-256").left("");
    for (Datasets.Check c : checks) {
      table.row(
          c.dataset(),
          c.file().getFileName().toString(),
          Numbers.count(c.bytes()),
          c.sha256(),
          c.status().toString());
    }
    System.out.println(table);
    boolean bad =
        checks.stream()
            .anyMatch(
                c -> c.status() == Datasets.Status.BAD || c.status() == Datasets.Status.MISSING);
    return bad ? Commands.FAILED : Commands.OK;
  }
}
