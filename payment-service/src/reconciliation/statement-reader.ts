import type { Database } from '@flight-booking/platform';
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

  private async readCharges({ runId, chargesPosition }: BegunRun): Promise<void> {
    let after = chargesPosition ?? undefined;
    for (;;) {
      const lines = await this.provider.charges(after, PAGE);
      after = lines.at(-1)?.position;
      if (after === undefined) return;
      const done = { chargesPosition: after, chargesRead: lines.length };
      await this.database.transaction(async (tx) => {
        await this.statement.keepCharges(tx, lines);
        await this.runs.progress(tx, runId, done);
      });
    }
  }

  private async readRefunds({ runId, refundsPosition }: BegunRun): Promise<void> {
    let after = refundsPosition ?? undefined;
    for (;;) {
      const lines = await this.provider.refunds(after, PAGE);
      after = lines.at(-1)?.position;
      if (after === undefined) return;
      const done = { refundsPosition: after, refundsRead: lines.length };
      await this.database.transaction(async (tx) => {
        await this.statement.keepRefunds(tx, lines);
        await this.runs.progress(tx, runId, done);
      });
    }
  }
}
