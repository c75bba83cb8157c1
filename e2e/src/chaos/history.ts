/** What customers ask for that takes or gives something. */
export type Action = 'lock' | 'unlock' | 'book' | 'pay' | 'ticket' | 'cancel' | 'cancel-flight' | 'other';

/**
 * How a request ended for whoever made it: `ok` and `refused` are promises that must be kept. Of an `unknown` one
 * nothing was promised: no answer came, or one that says that something is broken.
 */
export type Outcome = 'ok' | 'refused' | 'unknown';

/** One request of a client, and what it was told. */
export interface Told {
  readonly action: Action;
  readonly userId: number;
  readonly path: string;
  /** What was asked for; by the request's own words. */
  // The wire's words are checked by the services' own tests; here a missing one fails where it is used.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly asked: any;
  readonly key: string | undefined;
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly outcome: Outcome;
  /** 0 when no answer came. */
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly answer: any;
}

/** From when to when Redis was being broken; without an end while it is. */
export interface LockLoss {
  readonly from: number;
  to: number;
}

/** Everything that all clients asked and were told, as it happened. */
export class History {
  readonly entries: Told[] = [];
  /** When Redis was made to lose what it had; locks of before and meanwhile may be gone since then. */
  readonly lockLosses: LockLoss[] = [];
  /** Answers that held what belongs to somebody else. */
  readonly leaks: string[] = [];
  requests = 0;

  add(told: Told): void {
    this.entries.push(told);
  }

  /** The requests of a kind that ended in a way. */
  of(action: Action, outcome?: Outcome): Told[] {
    return this.entries.filter(
      (told) => told.action === action && (outcome === undefined || told.outcome === outcome),
    );
  }
}
