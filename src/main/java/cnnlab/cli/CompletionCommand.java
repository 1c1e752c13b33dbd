package cnnlab.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cnnlab completion}. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Print a script for completing commands and options in bash and zsh.",
      "To use it in this shell: source <(./cnnlab completion)"
    })
public final class CompletionCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandSpec root = spec.root();
    System.out.print(AutoComplete.bash(root.name(), root.commandLine()));
  }
}
