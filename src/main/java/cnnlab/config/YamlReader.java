package cnnlab.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 (core schema) into a tree of nodes with line numbers. The length of a document,
 * its nesting and the values that its aliases stand for are limited, so that no file exhausts the
 * memory or the stack.
 */
final class YamlReader {
  /** The longest configuration of a real run has a few kilobytes. */
  private static final int MOST_BYTES = 1 << 18;

  private static final int DEEPEST = 50;
  private static final long MOST_VALUES = 100_000;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setSchema(new CoreWithoutMerge())
          .setCodePointLimit(MOST_BYTES)
          .setAllowNonScalarKeys(true) // ConfigValue refuses them and names the section.
          .build();

  private YamlReader() {}

  /** YAML 1.2 has no merge key ({@code <<}); the library's core schema does. */
  private static final class CoreWithoutMerge extends CoreSchema {
    @Override
    public ScalarResolver getScalarResolver() {
      return new CoreScalarResolver(false);
    }
  }

  /** A composer that refuses deep nesting; the library recurses once for each level. */
  private static final class LimitedComposer extends Composer {
    private int depth;

    LimitedComposer(String yaml) {
      super(SETTINGS, new ParserImpl(SETTINGS, new StreamReader(SETTINGS, yaml)));
    }

    @Override
    protected SequenceNode composeSequenceNode(Optional<Anchor> anchor) {
      descend();
      SequenceNode node = super.composeSequenceNode(anchor);
      depth--;
      return node;
    }

    @Override
    protected Node composeMappingNode(Optional<Anchor> anchor) {
      descend();
      Node node = super.composeMappingNode(anchor);
      depth--;
      return node;
    }

    private void descend() {
      if (++depth > DEEPEST) {
        throw new YamlEngineException("nested more than " + DEEPEST + " levels deep");
      }
    }
  }

  /**
   * The tree of a document, or null if it contains only blanks and comments.
   *
   * @param source what errors call the text
   * @throws ConfigException if the text is not one document of valid YAML or exceeds a limit
   */
  static Node parse(String yaml, String source) {
    if (yaml.length() > MOST_BYTES) {
      throw tooLong(source);
    }
    try {
      Node top = new LimitedComposer(yaml).getSingleNode().orElse(null);
      if (top != null && values(top, new IdentityHashMap<>()) > MOST_VALUES) {
        throw new ConfigException(
            "%s: its aliases (*) unfold to more than %,d values; write out what you need"
                .formatted(source, MOST_VALUES));
      }
      return top;
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
      throw new ConfigException(source + line + ": not valid YAML: " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new ConfigException(source + ": not valid YAML: " + e.getMessage(), e);
    }
  }

  /** A text, whatever it looks like. */
  static Node textNode(String value) {
    return new ScalarNode(Tag.STR, value, ScalarStyle.DOUBLE_QUOTED);
  }

  /**
   * The text of a configuration file.
   *
   * @throws ConfigException if the file is missing, cannot be read, is not UTF-8 or is too long
   */
  static String text(Path file) {
    // Not Files.readString: a device, for example, may have no end.
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw tooLong(file.toString());
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": no such configuration file", e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + ": not text in UTF-8", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e, e);
    }
  }

  private static ConfigException tooLong(String source) {
    return new ConfigException(
        "%s: longer than the limit of %,d bytes for a configuration; is it the right file?"
            .formatted(source, MOST_BYTES));
  }

  /** The number of values below a node, those of an alias counted at each use. */
  private static long values(Node node, Map<Node, Long> known) {
    Long before = known.get(node);
    if (before != null) {
      return before;
    }
    // Ends the recursion of an alias inside its own anchor, which ConfigValue refuses.
    known.put(node, 1L);
    long count = 1;
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        count += values(tuple.getKeyNode(), known) + values(tuple.getValueNode(), known);
      }
    } else if (node instanceof SequenceNode sequence) {
      for (Node element : sequence.getValue()) {
        count += values(element, known);
      }
    }
    count = Math.min(count, MOST_VALUES + 1);
    known.put(node, count);
    return count;
  }
}
