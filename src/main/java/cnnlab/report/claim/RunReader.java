package cnnlab.report.claim;

import cnnlab.report.ExperimentDesign;
import cnnlab.report.RunFigures;
import cnnlab.report.RunKind;
import cnnlab.store.Json;
import cnnlab.store.TrialMark;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads a run directory. Damaged files are recorded as problems of the run; the other files are
 * read.
 */
final class RunReader {
  private static final String STATUS = "status.json";
  private static final String RESULT = "result.json";
  private static final String BENCH = "bench.json";
  private static final String CONFIG = "config.yaml";

  private final Path directory;
  private final List<String> problems = new ArrayList<>();

  private RunReader(Path directory) {
    this.directory = directory;
  }

  /** Whether a folder contains any file of a run. */
  static boolean isRun(Path directory) {
    return Stream.of(STATUS, RESULT, BENCH, CONFIG)
        .anyMatch(name -> Files.isRegularFile(directory.resolve(name)));
  }

  /**
   * @param home the project's folder; directories below it are named relative to it
   * @throws IOException if the directory itself cannot be listed
   */
  static RecordedRun read(Path directory, Path home) throws IOException {
    return new RunReader(directory).read(home);
  }

  private RecordedRun read(Path home) throws IOException {
    JsonNode status = tree(Json.reader(), STATUS);
    JsonNode config = tree(Json.yamlReader(), CONFIG);
    JsonNode result = tree(Json.reader(), RESULT);
    JsonNode provenance = tree(Json.reader(), "provenance.json");
    if (result.isMissingNode() && Files.exists(directory.resolve(BENCH))) {
      result = tree(Json.reader(), BENCH);
      provenance = result.path("provenance");
    }
    if (result.isMissingNode()
        && problems.isEmpty()
        && "finished".equals(status.path("state").asText())) {
      problems.add(
          "%s is missing although the run is finished; copy it again from the original folder, or repeat the run"
              .formatted(directory.resolve(RESULT)));
    }
    String experiment =
        result.path("experiment").asText(config.path("experiment").asText(folderName()));
    RunKind kind = RunKind.of(experiment, result);
    return new RecordedRun(
        directory,
        name(home),
        experiment,
        kind,
        status,
        result,
        provenance,
        config,
        rows("runs.csv"),
        rows("crosscheck.csv"),
        new RunFigures(directory, problems).read(),
        TrialMark.of(config, result, provenance),
        ExperimentDesign.deviations(kind, experiment, config, home),
        List.copyOf(problems));
  }

  private String folderName() {
    return String.valueOf(directory.toAbsolutePath().normalize().getFileName());
  }

  private String name(Path home) {
    Path absolute = directory.toAbsolutePath().normalize();
    Path from = home.toAbsolutePath().normalize();
    Path shown = absolute.startsWith(from) ? from.relativize(absolute) : directory;
    return shown.toString().replace('\\', '/');
  }

  private JsonNode tree(ObjectReader reader, String name) {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      return MissingNode.getInstance();
    }
    try {
      JsonNode node = reader.readTree(Files.readString(file));
      if (node.isObject()) {
        return node;
      }
      damaged(file, "it does not contain an object");
    } catch (JsonProcessingException e) {
      damaged(file, e.getOriginalMessage());
    } catch (IOException e) {
      damaged(file, e.toString());
    }
    return MissingNode.getInstance();
  }

  private List<CsvRow> rows(String name) {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(file);
        CSVParser parser = CSVParser.parse(reader, format)) {
      List<CsvRow> rows = new ArrayList<>();
      for (CSVRecord row : parser) {
        if (!row.isConsistent()) {
          damaged(
              file,
              "row %s has %s cells, its header %s"
                  .formatted(row.getRecordNumber(), row.size(), parser.getHeaderNames().size()));
          break;
        }
        rows.add(new CsvRow(row.toMap()));
      }
      return rows;
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      damaged(file, e.getMessage());
      return List.of();
    }
  }

  private void damaged(Path file, String what) {
    problems.add(
        "%s cannot be read (%s); copy it again from the original folder, or repeat the run"
            .formatted(file, what));
  }
}
