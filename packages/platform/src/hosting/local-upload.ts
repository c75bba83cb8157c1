import type { IncomingMessage } from 'node:http';
import { finished, type Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** A stream on its way into a request of this process, no faster than the server reads it. */
export class LocalUpload {
  private sentBytes = 0;
  private readonly onData = (chunk: Buffer): void => {
    if (!this.request.push(chunk)) this.body.pause();
    this.sentBytes += chunk.length;
    this.handler.onBodySent?.(chunk.length, this.sentBytes);
  };

  constructor(
    private readonly body: Readable,
    private readonly request: IncomingMessage,
    private readonly handler: Dispatcher.DispatchHandler,
  ) {}

  /** @param onEnd called once: with what went wrong, or nothing when the stream was sent to its end */
  begin(onEnd: (error?: Error | null) => void): void {
    this.request._read = () => void this.body.resume();
    this.body.on('data', this.onData);
    finished(this.body, { writable: false }, onEnd);
  }

  /** Sends no more, and lets go of what was not sent. */
  stop(): void {
    this.body.off('data', this.onData).destroy();
  }
}
