import type { Counter, Metrics } from '@flight-booking/platform';
import type { Exchange, WholeAnswer } from '../forwarding/exchange.js';
import type { Visit } from '../forwarding/visit.js';
import { coalescingKeyOf } from './coalescing-key.js';
import { sharedAnswerOf } from './shared-answer.js';

/** A call to a service, of which others than whoever made it may be waiting for the answer. */
interface Call {
  readonly key: string;
  readonly path: string;
  /** By the clock of `performance`. */
  readonly sentAt: number;
  readonly requestId: string;
  readonly followers: Set<Exchange>;
  /** Runs while there are followers. */
  patience?: NodeJS.Timeout;
}

/** How long calls may be joined and waited for. */
export interface CoalescingTiming {
  /** For how long after it was sent a call may be joined, hence how much older an answer may be; 0 turns it off. */
  readonly windowMs: number;
  /** How long a service is waited for. */
  readonly serviceMs: number;
}

/** Whoever waited in vain for another's answer has most of its own time left. */
const PART_OF_TIME_WAITED = 1 / 3;

/** They are answered in one go, in which nothing else runs: some milliseconds. */
const MAX_FOLLOWERS = 256;

/**
 * Request coalescing: while a request is under way to a service, others for the same wait for its answer instead of asking
 * again. Each has been admitted by itself, and has its own deadline and its own headers.
 *
 * An answer is shared that came whole and is for all. As soon as it is clear that none will, whoever waited is sent as if
 * nothing had been, and not as a crowd behind one of them again, for the next answer may be of the same sort.
 */
export class RequestCoalescing {
  private readonly calls = new Map<string, Call>();
  private readonly requests: Counter<'route' | 'outcome'>;
  private waiting = 0;

  constructor(
    private readonly timing: CoalescingTiming,
    metrics: Metrics,
  ) {
    this.requests = metrics.counter(
      'coalesced_requests_total',
      'Requests that waited for the answer to another: those it was shared with, and those sent on their own after all.',
      ['route', 'outcome'],
    );
    metrics.gauge(
      'coalesced_requests_waiting',
      'Requests that wait for the answer to another.',
      () => this.waiting,
    );
  }

  /** Sends a request, or has it wait for the answer to another. */
  send(visit: Visit, exchange: Exchange): void {
    const key = coalescingKeyOf(visit);
    if (key === undefined) {
      exchange.begin();
      return;
    }
    const now = performance.now();
    const call = this.calls.get(key);
    if (call !== undefined && this.mayBeJoined(call, now)) this.join(call, exchange);
    else this.lead({ key, path: visit.path, sentAt: now, requestId: visit.context.requestId }, exchange);
  }

  private mayBeJoined({ sentAt, followers }: Call, now: number): boolean {
    return now - sentAt < this.timing.windowMs && followers.size < MAX_FOLLOWERS;
  }

  private join(call: Call, exchange: Exchange): void {
    call.patience ??= setTimeout(
      () => this.conclude(call, undefined),
      this.timing.serviceMs * PART_OF_TIME_WAITED,
    ).unref();
    call.followers.add(exchange);
    this.waiting += 1;
    exchange.wait(() => this.leave(call, exchange));
  }

  private leave({ followers }: Call, exchange: Exchange): void {
    if (followers.delete(exchange)) this.waiting -= 1;
  }

  /** A call that can be joined no more is replaced; its followers go on waiting for it. */
  private lead(made: Omit<Call, 'followers'>, exchange: Exchange): void {
    const call: Call = { ...made, followers: new Set() };
    this.calls.set(call.key, call);
    exchange.begin((answer) => this.conclude(call, answer));
  }

  private conclude(call: Call, answer: WholeAnswer | undefined): void {
    const { key, path, requestId, followers } = call;
    clearTimeout(call.patience);
    if (this.calls.get(key) === call) this.calls.delete(key);
    if (followers.size === 0) return;
    const shared = answer && sharedAnswerOf(answer);
    const outcome = shared === undefined ? 'sent_alone' : 'shared';
    this.requests.inc({ route: path, outcome }, followers.size);
    for (const follower of followers) {
      this.leave(call, follower);
      if (shared === undefined) follower.begin();
      else follower.give(shared, requestId);
    }
  }
}
