package cnnlab.cli;

import cnnlab.cli.option.DatasetsOption;
import cnnlab.cli.option.InputOption;
import cnnlab.cli.option.OutputPaths;
import cnnlab.cli.option.Verbosity;
import cnnlab.config.UsageException;
import cnnlab.console.Output;
import cnnlab.explorer.Answers;
import cnnlab.explorer.Explorer;
import cnnlab.explorer.web.ExplorerServer;
import cnnlab.explorer.web.PageExport;
import cnnlab.inference.ImageFile;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.ModelPath;
import cnnlab.inference.PixelScale;
import cnnlab.run.ExitCode;
import cnnlab.run.StopRequest;
import cnnlab.store.TextFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cnnlab explore}. */
@Command(
    name = "explore",
    mixinStandardHelpOptions = true,
    description =
        "Look inside models in the browser: draw a digit, see every layer by both engines, how a value came about, what the network looks at, and a network while it learns.")
public final class ExploreCommand implements Callable<Integer> {
  private static final String HTML = ".html";

  @Parameters(
      arity = "0..*",
      paramLabel = "MODEL",
      description =
          "Files with "
              + ModelLoader.FORMATS
              + ", or run directories; default: none, and a network is trained on the page.")
  private List<Path> models = new ArrayList<>();

  @Mixin private InputOption input;

  @Option(
      names = "--scale",
      paramLabel = "KIND",
      description =
          "How 8-bit images become inputs: symmetric (2x/255-1, this project's), unit (x/255) or bytes (x); default: symmetric.")
  private PixelScale scale;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "The port on 127.0.0.1; default: any free one.")
  private int port;

  @Option(
      names = "--no-browser",
      description = "Do not open a browser; the address is printed in any case.")
  private boolean silent;

  @Option(
      names = "--export",
      paramLabel = "FILE.html",
      description = "Write one page of the model and an image that needs no server, and end.")
  private Path export;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description =
          "The image for --export: the number of a test image, from 0, or a "
              + ImageFile.FORMATS
              + " file; default: test image 0.")
  private String image;

  @Mixin private DatasetsOption datasets;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(
          spec.commandLine(), "--port is %s; 0 to 65535 expected".formatted(port));
    }
    Map<String, Path> read = new LinkedHashMap<>();
    models.forEach(model -> read.put("MODEL", model));
    if (image != null && Files.isRegularFile(Path.of(image))) {
      read.put("--image", Path.of(image));
    }
    Path target = OutputPaths.file("--export", export, read);
    requireExport();
    // Watched first and closed last: the virtual machine ends only when no engine computes any
    // more.
    try (StopRequest stop = StopRequest.watch(() -> {})) {
      try (Explorer explorer = new Explorer(datasets.locate())) {
        for (Path path : models) {
          add(explorer, ModelPath.of(path));
          stop.check();
        }
        if (export != null) {
          String key = explorer.keys().get(0);
          String html = PageExport.html(explorer, key, example(explorer, key));
          TextFile.write(target, html);
          Verbosity.output(spec).results().printf("%s written%n", export);
          return ExitCode.OK;
        }
        explorer.warmUp();
        serve(explorer, stop);
      }
      Verbosity.output(spec).progress().println("The explorer has ended.");
      return ExitCode.OK;
    }
  }

  private void requireExport() {
    if (export == null) {
      if (image != null) {
        throw new ParameterException(spec.commandLine(), "--image is for --export only");
      }
      return;
    }
    if (!export.toString().endsWith(HTML)) {
      throw new ParameterException(
          spec.commandLine(), "--export is '%s'; it must end in %s".formatted(export, HTML));
    }
    if (models.size() != 1) {
      throw new ParameterException(
          spec.commandLine(), "--export takes one MODEL; %s were given".formatted(models.size()));
    }
  }

  private Answers.Example example(Explorer explorer, String key) {
    if (image != null && !image.matches("-?\\d{1,9}")) {
      Answers.Model model = explorer.model(key);
      ImageFile file =
          ImageFile.read(Path.of(image), model.height(), model.width(), model.channels());
      return new Answers.Example(Path.of(image).getFileName().toString(), 0, 1, -1, file.pixels());
    }
    try {
      return explorer.example(key, image == null ? 0 : Integer.parseInt(image));
    } catch (Explorer.UnknownException e) {
      throw new UsageException(
          "--image: %s. Name an image, such as --image picture.png".formatted(e.getMessage()), e);
    }
  }

  private void add(Explorer explorer, Path file) {
    LoadedModel loaded = ModelLoader.open(file, input::sizes).requireSingle("explore");
    explorer.add(file, loaded, input.of(loaded), scale);
  }

  private void serve(Explorer explorer, StopRequest stop) throws InterruptedException {
    Output out = Verbosity.output(spec);
    try (ExplorerServer server = ExplorerServer.start(explorer, port)) {
      out.results().printf("The explorer: %s%n", server.address());
      out.results().println("Ctrl-C ends it.");
      out.results().flush();
      if (!silent) {
        open(server.address(), out);
      }
      stop.await();
      explorer.live().end();
    }
  }

  private static void open(URI address, Output out) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    List<String> command =
        system.contains("mac")
            ? List.of("open", address.toString())
            : system.contains("win")
                ? List.of("rundll32", "url.dll,FileProtocolHandler", address.toString())
                : List.of("xdg-open", address.toString());
    try {
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      out.progress().println("No browser was opened; open the address yourself.");
    }
  }
}
