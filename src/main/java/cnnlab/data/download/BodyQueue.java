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
 * The body of a response, read in pieces. Unlike the input stream of java.net.http, it times out
 * when no data arrives for a while; the timeout of the client covers only the headers.
 */
final class BodyQueue implements BodySubscriber<BodyQueue>, AutoCloseable {

  /** A piece of the body. Null buffers mark the end; {@code fault} is then the error, if any. */
  private record Piece(List<ByteBuffer> buffers, Throwable fault) {}

  /**
   * Upper limit on the number of waiting pieces, each of up to 16 KB. Taking one requests another.
   */
  private static final int AHEAD = 16;

  private final Duration stall;
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

  private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();

  /**
   * @param stall the timeout for the next data
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
   * @throws HttpTimeoutException when none arrives in time
   * @throws IOException when the connection broke
   * @throws InterruptedException when the thread is interrupted
   */
  List<ByteBuffer> next() throws IOException, InterruptedException {
    Piece piece = pieces.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
    if (piece == null) {
      throw new HttpTimeoutException("no data for " + Download.seconds(stall));
    }
    if (piece.fault != null) {
      throw new IOException("the connection broke (" + piece.fault.getMessage() + ")", piece.fault);
    }
    if (piece.buffers != null) {
      subscription.join().request(1);
    }
    return piece.buffers;
  }

  /** Cancels the rest of the body. */
  @Override
  public void close() {
    subscription.thenAccept(Subscription::cancel);
  }
}
