import type { ServerResponse } from 'node:http';
import {
  UpstreamTimeout,
  UpstreamUnavailable,
  endWith,
  isConnectionRefused,
  type DomainError,
} from '@flight-booking/platform';
import type { Dispatcher } from 'undici';
import { answerHeadOf } from './headers.js';
import type { RequestBody } from './request-body.js';
import type { Upstream } from './upstream.js';
import type { Visit } from './visit.js';

/** What is asked of the service. */
export interface ExchangeOptions extends Dispatcher.DispatchOptions {
  readonly body: RequestBody | null;
}

/** How long others are waited for. */
export interface Patience {
  /** A service until its answer begins. */
  readonly serviceMs: number;
  /** A client that takes nothing of its answer. */
  readonly clientMs: number;
}

/** Makes what is asked of the service, which is told how long it has. */
type Prepare = (serviceMs: number) => ExchangeOptions;

/** What became of a call that brought no answer. */
export type OnFailure = (visit: Visit, error: DomainError) => void;

/** An answer whose body came in one piece. */
export interface WholeAnswer {
  readonly status: number;
  /** Names and values in turns, as they came. */
  readonly rawHeaders: readonly Buffer[];
  readonly body: Buffer;
}

/** An answer that others may be given too. */
export interface SharedAnswer {
  readonly status: number;
  /** Of the service; names and values in turns. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Hears once what became of an exchange: its answer, when that came whole, or nothing, as soon as it is clear that none will. */
type OnOutcome = (answer: WholeAnswer | undefined) => void;

const LOWEST_FINAL_STATUS = 200;
/** An answer that is no longer than this does not hold its service's connection while the client takes it. */
const KEPT_FOR_CLIENT_BYTES = 256 * 1_024;
/** A kept-alive connection that the service closed while our request was under way. */
const RESET_CODES: ReadonlySet<string | undefined> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/**
 * One call to a service, written straight through to the client. It speaks undici's innermost handler
 * interface, which hands over headers as the bytes that came; its newer one builds an object of them first.
 *
 * It is waiting until the answer's headers are there, then passing the body on, then over. What arrives
 * after it is over is ignored: the client has its answer or is gone. One that waits may do so for the answer
 * to another instead, before it is sent or without ever being: its clock runs all the same.
 *
 * A copy of the service that cannot be connected to has seen nothing of the request, so the next copy gets it,
 * whatever it is. Once there was a connection nobody knows what arrived; then only a read is sent once more.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  private state: 'waiting' | 'passing' | 'over' = 'waiting';
  /** The copies that have not been tried, in the order in which they will be. */
  private untried: string[] = [];
  private address = '';
  private options: ExchangeOptions | undefined;
  /** Whether this attempt was given a connection, after which its bytes may be anywhere. */
  private isConnected = false;
  private isRepeated = false;
  private abortCall: ((reason?: Error) => void) | undefined;
  private resumeCall: (() => void) | undefined;
  private listensForDrain = false;
  private rawHeaders: readonly Buffer[] = [];
  /** Of the body, as the service says. */
  private contentLength: number | undefined;
  private onOutcome: OnOutcome | undefined;
  private readonly startedAt = performance.now();
  /** Runs while somebody is waited for: the service for its answer, or the client to take it. */
  private timer: NodeJS.Timeout;

  constructor(
    private readonly visit: Visit,
    private readonly upstream: Upstream,
    private readonly prepare: Prepare,
    private readonly onFailure: OnFailure,
    private readonly patience: Patience,
  ) {
    this.timer = setTimeout(expire, patience.serviceMs, this);
  }

  /** Sends the request, within what is left of its time. */
  begin(onOutcome?: OnOutcome): void {
    this.onOutcome = onOutcome;
    const elapsedMs = performance.now() - this.startedAt;
    this.options = this.prepare(Math.max(1, Math.ceil(this.patience.serviceMs - elapsedMs)));
    this.untried = [...this.upstream.inTurn()];
    this.send(this.options);
  }

  /** Does not send the request yet: somebody else's answer may do. */
  wait(onOutcome: OnOutcome): void {
    this.onOutcome = onOutcome;
  }

  /**
   * Answers a request that waits with what another was answered.
   * @param requestId of the other, for the log
   */
  give({ status, headers, body }: SharedAnswer, requestId: string): void {
    const { response, answerHeaders } = this.visit;
    this.visit.coalescedWith = requestId;
    response.writeHead(status, [...headers, ...answerHeaders]);
    endWith(response, body);
    this.finish();
  }

  /** Sends the request to the next copy. */
  private send(options: ExchangeOptions): void {
    this.address = this.untried.shift() as string;
    this.isConnected = false;
    this.upstream.dispatch(this.address, options, this);
  }

  /** The client is gone, and with it the reason to go on. */
  cancel(): void {
    if (this.state === 'over') return;
    this.finish();
    this.abortCall?.();
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.isConnected = true;
    if (this.state === 'over') abort();
    else this.abortCall = abort;
  }

  /** A client that is slow to send does not make the service late. */
  onBodySent(): void {
    if (this.state === 'waiting') this.timer.refresh();
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    if (status < LOWEST_FINAL_STATUS || this.state === 'over') return true;
    clearTimeout(this.timer);
    this.state = 'passing';
    this.resumeCall = resume;
    const { headers, contentLength } = answerHeadOf(rawHeaders, this.visit.answerHeaders);
    this.rawHeaders = rawHeaders;
    this.contentLength = contentLength;
    this.visit.response.writeHead(status, headers);
    return true;
  }

  /** False stops the service's connection until the client has taken what it was given, or for too long nothing. */
  onData(chunk: Buffer): boolean {
    if (this.state !== 'passing') return true;
    const { response } = this.visit;
    if (chunk.length === this.contentLength) {
      endWith(response, chunk);
      this.finish({ status: response.statusCode, rawHeaders: this.rawHeaders, body: chunk });
      return true;
    }
    this.reportOutcome();
    if (response.write(chunk) || response.writableLength < KEPT_FOR_CLIENT_BYTES) return true;
    this.waitForClient(response);
    return false;
  }

  private waitForClient(response: ServerResponse): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(giveClientUp, this.patience.clientMs, this);
    if (this.listensForDrain) return;
    this.listensForDrain = true;
    response.on('drain', () => {
      clearTimeout(this.timer);
      this.resumeCall?.();
    });
  }

  onComplete(): void {
    if (this.state !== 'passing') return;
    this.finish();
    this.visit.response.end();
  }

  onError(error: NodeJS.ErrnoException): void {
    if (this.state === 'over') return;
    if (isConnectionRefused(error)) this.upstream.passOver(this.address);
    if (this.state === 'waiting' && this.options !== undefined && this.maySendAgain(this.options, error)) {
      this.send(this.options);
      return;
    }
    const hasBegun = this.state === 'passing';
    this.finish();
    this.visit.failure = error.code ?? error.name;
    // An answer that is cut short must not look like one that is whole.
    if (hasBegun) this.visit.response.destroy();
    else this.onFailure(this.visit, new UpstreamUnavailable(this.upstream.name, { cause: error }));
  }

  private maySendAgain(options: ExchangeOptions, error: NodeJS.ErrnoException): boolean {
    if (!this.isConnected) return this.untried.length > 0;
    if (this.isRepeated || !mayRepeat(options, error)) return false;
    this.isRepeated = true;
    // Perhaps it only closed a connection that had been idle; with one copy there is no other to ask anyway.
    this.untried.push(this.address);
    return true;
  }

  expire(): void {
    if (this.state !== 'waiting') return;
    this.finish();
    this.visit.failure = 'timeout';
    this.onFailure(this.visit, new UpstreamTimeout(this.upstream.name));
    this.abortCall?.();
  }

  /** The client took nothing for too long, and what it is still owed is not waited for either. */
  giveClientUp(): void {
    this.visit.failure = 'client-too-slow';
    this.cancel();
    this.visit.request.socket.destroy();
  }

  /** A body that is not sent to its end is let go of, or the connection it came on would be stuck with it. */
  private finish(answer?: WholeAnswer): void {
    this.state = 'over';
    clearTimeout(this.timer);
    this.options?.body?.destroy();
    this.reportOutcome(answer);
  }

  private reportOutcome(answer?: WholeAnswer): void {
    const { onOutcome } = this;
    this.onOutcome = undefined;
    onOutcome?.(answer);
  }
}

/** Nothing came back, so a read may be asked for once more, on another connection. */
const mayRepeat = ({ method, body }: ExchangeOptions, { code }: NodeJS.ErrnoException): boolean =>
  body === null && (method === 'GET' || method === 'HEAD') && RESET_CODES.has(code);

const expire = (exchange: Exchange): void => exchange.expire();
const giveClientUp = (exchange: Exchange): void => exchange.giveClientUp();
