package cnnlab.cli.option;

import cnnlab.store.RunStatus.State;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The state of a run by its name in lower case. */
public final class StateConverter implements ITypeConverter<State> {
  @Override
  public State convert(String value) {
    return State.of(value)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' found, one of %s expected"
                        .formatted(value, Arrays.toString(State.values()))));
  }
}
