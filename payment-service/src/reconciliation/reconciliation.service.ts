import {
  UpstreamProblem,
  UpstreamTimeout,
  UpstreamUnavailable,
  type Database,
} from '@flight-booking/platform';
import { ProviderUnreachable } from '../provider/payment-provider.js';
import type { BookingState, BookingStatesClient } from '../refunds/booking-states.client.js';
import type { ComparisonRepository } from './comparison.repository.js';
import type { Difference } from './difference.js';
import type { DifferenceRepository } from './difference.repository.js';
import { RunOvertaken, type BegunRun, type ReconciliationRun } from './reconciliation-run.js';
import type { ReconciliationRunRepository } from './reconciliation-run.repository.js';
import type { Repairs } from './repairs.js';
import type { StatementReader } from './statement-reader.js';

/** Where runs and what they see are kept. */
export interface ReconciliationBooks {
  readonly runs: ReconciliationRunRepository;
  readonly comparison: ComparisonRepository;
  readonly differences: DifferenceRepository;
}

/** What takes its time. */
export interface ReconciliationTiming {
  /** What changed within this is in flight and not compared yet. */
  readonly graceMs: number;
  /** What is under way for longer has been forgotten. */
  readonly overdueMs: number;
}

/** As many payments as booking-service is asked about at once. */
const PAGE = 500;

/**
 * Compares the provider's statement, our own rows and ledger, and what booking-service knows; repairs what can be
 * repaired without deciding anything, and keeps the rest where operators see it.
 */
export class ReconciliationService {
  constructor(
    private readonly database: Database,
    private readonly books: ReconciliationBooks,
    private readonly statement: StatementReader,
    private readonly bookings: BookingStatesClient,
    private readonly repairs: Repairs,
    private readonly timing: ReconciliationTiming,
  ) {}

  /**
   * Compares what has changed since the last complete run, and what differed then. A run that somebody's absence
   * ends says so, and the next one goes on from there.
   * @returns undefined while another run goes on
   */
  async run(): Promise<ReconciliationRun | undefined> {
    const run = await this.database.transaction((tx) => this.books.runs.begin(tx, this.timing.graceMs));
    if (run === undefined) return undefined;
    try {
      await this.statement.read(run);
      await this.compare(run);
    } catch (error) {
      if (error instanceof RunOvertaken) return undefined;
      const ended = await this.books.runs.finish(this.database, run.runId, String(error));
      if (isAbsence(error)) return ended;
      throw error;
    }
    return this.books.runs.finish(this.database, run.runId, undefined);
  }

  private async compare(run: BegunRun): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.books.comparison.gather(tx, run);
      const strangers = await this.books.comparison.strangers(tx, run);
      await this.books.differences.noteStrangers(tx, strangers);
      await this.books.runs.progress(tx, run.runId, { differencesSeen: strangers.length });
    });
    let after = 0;
    for (;;) {
      const page = await this.books.comparison.page(this.database, after, PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      // Asked first: a payment that changes after the answer is left to the next run.
      const states = await this.bookings.get(page);
      await this.repairs.oweDue(await this.comparePage(run, page, states), states);
      after = last;
    }
  }

  private async comparePage(
    run: BegunRun,
    page: readonly number[],
    states: ReadonlyMap<number, BookingState>,
  ): Promise<Difference[]> {
    return this.database.transaction(async (tx) => {
      const { comparison, differences, runs } = this.books;
      const paymentIds = await comparison.take(tx, page, run);
      const seen = await comparison.differences(tx, paymentIds, [...states.values()], this.timing.overdueMs);
      await differences.note(tx, seen, paymentIds);
      await this.repairs.add(tx, seen);
      await comparison.strikeOut(tx, paymentIds);
      const done = { paymentsCompared: paymentIds.length, differencesSeen: seen.length };
      await runs.progress(tx, run.runId, done);
      return seen;
    });
  }
}

/** Whether somebody did not answer who will at another time. */
const isAbsence = (error: unknown): boolean =>
  error instanceof UpstreamProblem ||
  error instanceof UpstreamUnavailable ||
  error instanceof UpstreamTimeout ||
  error instanceof ProviderUnreachable;
