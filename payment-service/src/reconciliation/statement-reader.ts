import type { Database, Queries } from '@flight-booking/platform';
import type { PaymentProvider } from '../provider/payment-provider.js';
import type { BegunRun } from './reconciliation-run.js';
import type { ReconciliationRunRepository } from './reconciliation-run.repository.js';
import type { StatementRepository } from './statement.repository.js';

const PAGE = 500;

/** Reads on in the provider's statement, page by page; how far is committed together with what was read. */
export class StatementReader {
  constructor(
    private readonly database: Database,
    private readonly provider: PaymentProvider,
    private readonly statement: StatementRepository,
    private readonly runs: ReconciliationRunRepository,
  ) {}

  /**
   * Returns until when the statement was complete before it was read: what changed later is not to be missed on it.
   * @throws ProviderUnreachable | RunOvertaken
   */
  async read(run: BegunRun): Promise<Date> {
    const completeUntil = await this.provider.statementCompleteUntil();
    await this.readCharges(run);
    await this.readRefunds(run);
    return completeUntil;
  }

  private readCharges({ runId, chargesPosition }: BegunRun): Promise<void> {
    return this.readOn(
      chargesPosition,
      (after) => this.provider.charges(after, PAGE),
      async (tx, lines, position) => {
        await this.statement.keepCharges(tx, lines);
        await this.runs.progress(tx, runId, { chargesPosition: position, chargesRead: lines.length });
      },
    );
  }

  private readRefunds({ runId, refundsPosition }: BegunRun): Promise<void> {
    return this.readOn(
      refundsPosition,
      (after) => this.provider.refunds(after, PAGE),
      async (tx, lines, position) => {
        await this.statement.keepRefunds(tx, lines);
        await this.runs.progress(tx, runId, { refundsPosition: position, refundsRead: lines.length });
      },
    );
  }

  private async readOn<Line extends { readonly position: string }>(
    from: string | null,
    next: (after: string | undefined) => Promise<readonly Line[]>,
    keep: (tx: Queries, lines: readonly Line[], position: string) => Promise<void>,
  ): Promise<void> {
    let after = from ?? undefined;
    for (;;) {
      const lines = await next(after);
      const position = lines.at(-1)?.position;
      if (position === undefined) return;
      await this.database.transaction((tx) => keep(tx, lines, position));
      after = position;
    }
  }
}
