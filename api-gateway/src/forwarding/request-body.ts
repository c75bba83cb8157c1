import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/**
 * A request's body on its way to the service. undici destroys a body that it cannot send to its end; were
 * that the request itself, the client's connection would be cut before it had read why.
 */
export class RequestBody extends Readable {
  private readonly onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.source.pause();
  };
  private readonly onEnd = (): void => {
    this.push(null);
  };

  constructor(private readonly source: IncomingMessage) {
    super();
    source.on('data', this.onData).on('end', this.onEnd);
  }

  override _read(): void {
    this.source.resume();
  }

  /** What the client still sends is read and thrown away, so that it comes to reading the answer. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.source.off('data', this.onData).off('end', this.onEnd).resume();
    done(error);
  }
}
