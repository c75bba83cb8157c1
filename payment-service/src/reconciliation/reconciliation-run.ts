/** How a run ended; `ABANDONED` when its process died and another took its place. */
export const RUN_OUTCOMES = ['COMPLETE', 'FAILED', 'ABANDONED'] as const;

/** One comparison of the provider's books, ours and the bookings. */
export interface ReconciliationRun {
  readonly runId: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly outcome: (typeof RUN_OUTCOMES)[number] | null;
  readonly error: string | null;
  readonly chargesRead: number;
  readonly refundsRead: number;
  readonly paymentsCompared: number;
  readonly differencesSeen: number;
}

/** A run that has begun, and where it goes on from. */
export interface BegunRun {
  readonly runId: number;
  /** What changed before this was compared by an earlier run. */
  readonly since: Date;
  /** What changed after this is in flight and left to the next run. */
  readonly until: Date;
  readonly chargesPosition: string | null;
  readonly refundsPosition: string | null;
  readonly bookingsPosition: string | null;
}

/** What a run has done since it last said so. */
export interface RunProgress {
  readonly chargesPosition?: string | undefined;
  readonly refundsPosition?: string | undefined;
  readonly bookingsPosition?: string | undefined;
  readonly chargesRead?: number;
  readonly refundsRead?: number;
  readonly paymentsCompared?: number;
  readonly differencesSeen?: number;
}

/** Another run has taken this one's place, because it was silent for too long. */
export class RunOvertaken extends Error {
  override readonly name = 'RunOvertaken';
}
