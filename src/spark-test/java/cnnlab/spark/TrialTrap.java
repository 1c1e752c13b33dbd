package cnnlab.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.xbean.asm9.ClassReader;
import org.apache.xbean.asm9.ClassVisitor;
import org.apache.xbean.asm9.ClassWriter;
import org.apache.xbean.asm9.MethodVisitor;
import org.apache.xbean.asm9.Opcodes;

/**
 * A Java agent for executors: when the trial named in its argument begins, the process exits or the
 * thread blocks. The project's jar is not changed; the agent inserts a call to {@link #begins}
 * before the first instruction of {@code TrialFunction.runOnWorker}; without that method, no
 * executor starts. It uses the bytecode library that comes with Spark.
 */
public final class TrialTrap implements ClassFileTransformer {
  private static final String TARGET = "cnnlab/sweep/TrialFunction";
  private static final String METHOD = "runOnWorker";
  private static final String DESCRIPTOR =
      "(Lcnnlab/sweep/Trial;Ljava/lang/Runnable;)Lcnnlab/sweep/TrialOutcome;";

  /** The exit code after SIGABRT, as when a virtual machine crashes. */
  private static final int CRASHED = 134;

  private static final String HALT = "halt:";
  private static final String HANG = "hang:";
  private static String trap;

  private TrialTrap() {}

  /** The JVM option for an executor in which a trial ends the process, like a crash. */
  static String halt(Path jar, String trial) {
    return "-javaagent:%s=%s%s".formatted(jar, HALT, trial);
  }

  /** The JVM option for an executor in which a trial blocks until it is interrupted. */
  static String hang(Path jar, String trial) {
    return "-javaagent:%s=%s%s".formatted(jar, HANG, trial);
  }

  /** Writes the agent's jar. */
  static Path jar(Path file) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", TrialTrap.class.getName());
    List<Class<?>> classes = new ArrayList<>(List.of(TrialTrap.class.getDeclaredClasses()));
    classes.add(TrialTrap.class);
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Class<?> c : classes) {
        String name = c.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(name));
        try (InputStream bytes = c.getClassLoader().getResourceAsStream(name)) {
          bytes.transferTo(jar);
        }
      }
    }
    return file;
  }

  /** Called by the virtual machine before {@code main}. */
  public static void premain(String argument, Instrumentation instrumentation) {
    trap = argument;
    instrumentation.addTransformer(new TrialTrap());
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> old, ProtectionDomain domain, byte[] bytes) {
    if (!TARGET.equals(name)) {
      return null;
    }
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    Methods methods = new Methods(writer);
    reader.accept(methods, 0);
    if (!methods.found) {
      System.err.println(TARGET + " has no " + METHOD + DESCRIPTOR);
      Runtime.getRuntime().halt(1);
    }
    return writer.toByteArray();
  }

  /** Copies a class and visits its methods. */
  private static final class Methods extends ClassVisitor {
    private boolean found;

    private Methods(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      if (!name.equals(METHOD) || !descriptor.equals(DESCRIPTOR)) {
        return next;
      }
      found = true;
      return new Begin(next);
    }
  }

  /** Inserts the call before the first instruction. */
  private static final class Begin extends MethodVisitor {
    private Begin(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      visitVarInsn(Opcodes.ALOAD, 1);
      visitMethodInsn(
          Opcodes.INVOKEVIRTUAL, "cnnlab/sweep/Trial", "id", "()Ljava/lang/String;", false);
      visitMethodInsn(
          Opcodes.INVOKESTATIC,
          TrialTrap.class.getName().replace('.', '/'),
          "begins",
          "(Ljava/lang/String;)V",
          false);
    }
  }

  /** Called when a trial begins on this thread. */
  public static void begins(String trial) throws InterruptedException {
    if (trap.equals(HALT + trial)) {
      Runtime.getRuntime().halt(CRASHED);
    }
    if (trap.equals(HANG + trial)) {
      new CountDownLatch(1).await();
    }
  }
}
