package cnnlab.data.download;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a response, taken piece by piece. Unlike the input stream that java.net.http offers,
 * it gives up when no byte comes for a while: the client's own time limit ends with the headers.
 */
final class BodyQueue implements BodySubscriber<BodyQueue>, AutoCloseable {

  /** A piece; or, without buffers, the end and what went wrong, if anything. */
  private record Piece(List<ByteBuffer> buffers, Throwable fault) {}

  /** How many pieces of at most 16 KB may wait; another is asked for when one is taken. */
  private static final int AHEAD = 16;

  private final Duration stall;
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

  private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();

  /**
   * @param stall how long to wait for the next byte
   */
  BodyQueue(Duration stall) {
    this.stall = stall;
  }

  @Override
  public CompletionStage<BodyQueue> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Subscription s) {
    subscription.complete(s);
    s.request(AHEAD);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    pieces.add(new Piece(buffers, null));
  }

  @Override
  public void onError(Throwable fault) {
    pieces.add(new Piece(null, fault));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece(null, null));
  }

  /**
   * Waits for the next piece.
   *
   * @return the piece, or null at the end
   * @throws HttpTimeoutException when none comes in time
   * @throws IOException when the connection broke
   * @throws InterruptedException when the thread is interrupted
   */
  List<ByteBuffer> next() throws IOException, InterruptedException {
    Piece piece = pieces.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
    if (piece == null) {
      throw new HttpTimeoutException("no byte for " + Download.seconds(stall));
    }
    if (piece.fault != null) {
      throw new IOException("the connection broke (" + piece.fault.getMessage() + ")", piece.fault);
    }
    if (piece.buffers != null) {
      subscription.join().request(1);
    }
    return piece.buffers;
  }

  /** Drops what is still to come. */
  @Override
  public void close() {
    subscription.thenAccept(Subscription::cancel);
  }
}
