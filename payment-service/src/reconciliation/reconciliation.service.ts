import { isUpstreamFailure, pageOf, type Database, type Page } from '@flight-booking/platform';
import type { BookingClient, PaymentState } from '../bookings/booking.client.js';
import { ProviderUnreachable } from '../provider/payment-provider.js';
import type { BookingChangesReader } from './booking-changes-reader.js';
import type { ComparisonRepository } from './comparison.repository.js';
import type { Difference, OpenDifference } from './difference.js';
import type { DifferenceRepository, OpenCount } from './difference.repository.js';
import { RunOvertaken, type BegunRun, type ReconciliationRun } from './reconciliation-run.js';
import type { ReconciliationRunRepository } from './reconciliation-run.repository.js';
import type { Repairs } from './repairs.js';
import type { StatementReader } from './statement-reader.js';

/** Where runs and what they see are kept. */
export interface ReconciliationRecords {
  readonly runs: ReconciliationRunRepository;
  readonly comparison: ComparisonRepository;
  readonly differences: DifferenceRepository;
}

/** Who knows besides us what became of payments. */
export interface ReconciliationSources {
  readonly statement: StatementReader;
  readonly bookings: BookingClient;
  readonly bookingChanges: BookingChangesReader;
}

/** How the books stand. */
export interface Standing {
  readonly lastRun: ReconciliationRun | undefined;
  readonly lastCompleteAt: Date | undefined;
  /** How many differences of each kind are open. */
  readonly open: OpenCount[];
  readonly differences: Page<OpenDifference>;
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
    private readonly records: ReconciliationRecords,
    private readonly sources: ReconciliationSources,
    private readonly repairs: Repairs,
    private readonly timing: ReconciliationTiming,
  ) {}

  /**
   * Compares what has changed since the last complete run, and what differed then. A run that somebody's absence
   * ends says so, and the next one goes on from there.
   * @returns undefined while another run goes on
   */
  async run(): Promise<ReconciliationRun | undefined> {
    const run = await this.database.transaction((tx) => this.records.runs.begin(tx, this.timing.graceMs));
    if (run === undefined) return undefined;
    try {
      await this.sources.bookingChanges.read(run);
      const completeUntil = await this.sources.statement.read(run);
      await this.compare({ ...run, until: completeUntil < run.until ? completeUntil : run.until });
    } catch (error) {
      if (error instanceof RunOvertaken) return undefined;
      const ended = await this.records.runs.finish(this.database, run.runId, String(error));
      if (isAbsence(error)) return ended;
      throw error;
    }
    return this.records.runs.finish(this.database, run.runId, undefined);
  }

  /** When the books were last compared, and a page of the differences that are open, oldest first. */
  async standing(limit: number, cursor = 0): Promise<Standing> {
    const { runs, differences } = this.records;
    const found = await differences.findOpen(this.database, cursor, limit + 1);
    return {
      lastRun: await runs.findLast(this.database),
      lastCompleteAt: await runs.lastCompleteAt(this.database),
      open: await differences.countOpen(this.database),
      differences: pageOf(found, limit, ({ differenceId }) => differenceId),
    };
  }

  private async compare(run: BegunRun): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.records.comparison.gather(tx, run);
      const strangers = await this.records.comparison.strangers(tx, run);
      await this.records.differences.noteStrangers(tx, strangers);
      await this.records.runs.progress(tx, run.runId, { differencesSeen: strangers.length });
    });
    let after = 0;
    for (;;) {
      const page = await this.records.comparison.page(this.database, after, PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      // Asked first: a payment that changes after the answer is left to the next run.
      const states = await this.sources.bookings.paymentStates(page);
      await this.repairs.oweDue(await this.comparePage(run, page, states), states);
      after = last;
    }
  }

  /** Those of which nothing changed just now at booking-service; what follows such a change is in flight. */
  private quiet(paymentIds: readonly number[], states: ReadonlyMap<number, PaymentState>): number[] {
    return paymentIds.filter((id) => (states.get(id)?.unchanged_ms ?? Infinity) >= this.timing.graceMs);
  }

  private async comparePage(
    run: BegunRun,
    page: readonly number[],
    states: ReadonlyMap<number, PaymentState>,
  ): Promise<Difference[]> {
    return this.database.transaction(async (tx) => {
      const { comparison, differences, runs } = this.records;
      const paymentIds = await comparison.take(tx, this.quiet(page, states), run);
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
  isUpstreamFailure(error) || error instanceof ProviderUnreachable;
