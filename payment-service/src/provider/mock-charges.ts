import { randomBytes } from 'node:crypto';
import type { Clock, Database, JobQueue, Queries } from '@flight-booking/platform';
import { isDue, type NewCharge, type StoredCharge } from './mock-charge.js';
import type { ChallengeVerdict } from './mock-charge.repository.js';
import type { MockProviderTables } from './mock-provider-tables.js';
import type { ChargeRequest } from './payment-provider.js';
import { decideCharge } from './provider.jobs.js';
import { behaviourOf, type TestBehaviour } from './test-methods.js';

/** How long the mock provider takes over things. */
export interface MockTiming {
  /** How long `tok_slow`, and a refund that fails, take. */
  readonly slowMs: number;
  /** How long after it was declined `tok_late_success` is captured. */
  readonly lateMs: number;
  /** How long a customer may take to approve. */
  readonly challengeMs: number;
}

const CHALLENGE_TOKEN_BYTES = 32;

/**
 * The charges that the mock provider makes. Each change is one transaction with the event that tells of it, and
 * with the job that brings the next one about, so it goes on working whoever is gone or killed.
 */
export class MockCharges {
  constructor(
    private readonly database: Database,
    private readonly tables: MockProviderTables,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
    private readonly timing: MockTiming,
  ) {}

  /** Makes the first charge that arrives under its key, and answers it as it is now. */
  async receive(request: ChargeRequest): Promise<StoredCharge> {
    const behaviour = behaviourOf(request.methodToken);
    const charge = this.newCharge(request, behaviour);
    return (await this.add(charge, behaviour)) ?? this.get(request.idempotencyKey);
  }

  /** Keeps a key from ever being charged, unless it was. */
  async abandon(idempotencyKey: string): Promise<StoredCharge> {
    const abandoned = await this.add(
      {
        idempotencyKey,
        status: 'ABANDONED',
        outcome: 'ABANDONED',
        amountPaise: 0,
        capturePaise: 0,
        methodToken: null,
        declineReason: null,
        settlesAt: this.clock.now(),
        challengeToken: null,
      },
      {},
    );
    return abandoned ?? this.get(idempotencyKey);
  }

  async get(idempotencyKey: string): Promise<StoredCharge> {
    const charge = await this.find(idempotencyKey);
    if (charge === undefined) throw new Error(`The charge of ${idempotencyKey} has vanished.`);
    return charge;
  }

  /** The charge of a key, which becomes its outcome first if its time has come. */
  async find(idempotencyKey: string): Promise<StoredCharge | undefined> {
    return this.current(await this.tables.charges.find(this.database, idempotencyKey));
  }

  /** The charge that a challenge belongs to. */
  async findByChallenge(token: string): Promise<StoredCharge | undefined> {
    return this.current(await this.tables.charges.findByChallenge(this.database, token));
  }

  /** Lets a charge become its outcome if its time has come. */
  async settle(idempotencyKey: string): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      const settled = await this.tables.charges.settle(tx, idempotencyKey, now);
      if (settled !== undefined) await this.tell(tx, settled);
    });
  }

  /** What the customer says to a challenge; it counts once, and not when it is too late. */
  async decide(token: string, approved: boolean): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      const charge = await this.tables.charges.findByChallenge(tx, token);
      if (charge === undefined) return;
      const decided = await this.tables.charges.decide(tx, token, verdictOf(charge, approved), now);
      if (decided !== undefined) await this.tell(tx, decided);
    });
  }

  private async current(charge: StoredCharge | undefined): Promise<StoredCharge | undefined> {
    if (charge === undefined || !isDue(charge, this.clock.now())) return charge;
    await this.settle(charge.idempotencyKey);
    return this.tables.charges.find(this.database, charge.idempotencyKey);
  }

  private add(charge: NewCharge, behaviour: TestBehaviour): Promise<StoredCharge | undefined> {
    return this.database.transaction(async (tx) => {
      const added = await this.tables.charges.add(tx, charge);
      if (added === undefined) return undefined;
      await this.tables.outbox.tellOfCharge(tx, added, behaviour);
      if (added.status !== added.outcome) {
        const afterMs = Math.max(0, added.settlesAt.getTime() - this.clock.now().getTime());
        await this.jobs.add(tx, decideCharge, { idempotency_key: added.idempotencyKey }, { afterMs });
      }
      return added;
    });
  }

  private tell(tx: Queries, charge: StoredCharge): Promise<void> {
    const behaviour = charge.methodToken === null ? {} : behaviourOf(charge.methodToken);
    return this.tables.outbox.tellOfCharge(tx, charge, behaviour);
  }

  private newCharge(request: ChargeRequest, behaviour: TestBehaviour): NewCharge {
    const { idempotencyKey, amountPaise, methodToken } = request;
    return {
      idempotencyKey,
      amountPaise,
      methodToken,
      capturePaise: amountPaise + (behaviour.extraPaise ?? 0),
      challengeToken: null,
      ...this.courseOf(behaviour),
    };
  }

  /** What a new charge is, and what it becomes when. */
  private courseOf({ declines, capturesLate, challenges, answers }: TestBehaviour) {
    if (challenges) {
      return {
        status: 'CHALLENGED',
        outcome: 'DECLINED',
        declineReason: 'challenge_expired',
        settlesAt: this.in(this.timing.challengeMs),
        challengeToken: randomBytes(CHALLENGE_TOKEN_BYTES).toString('base64url'),
      } as const;
    }
    const outcome = declines === undefined || capturesLate ? 'CAPTURED' : 'DECLINED';
    const declineReason = declines ?? null;
    if (capturesLate) {
      return { status: 'DECLINED', outcome, declineReason, settlesAt: this.in(this.timing.lateMs) } as const;
    }
    if (answers === 'slowly') {
      return { status: 'PENDING', outcome, declineReason, settlesAt: this.in(this.timing.slowMs) } as const;
    }
    return { status: outcome, outcome, declineReason, settlesAt: this.in(0) } as const;
  }

  private in(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}

function verdictOf({ methodToken }: StoredCharge, approved: boolean): ChallengeVerdict {
  if (!approved) return { outcome: 'DECLINED', declineReason: 'challenge_denied' };
  const { declines } = behaviourOf(methodToken ?? '');
  return declines === undefined ? { outcome: 'CAPTURED' } : { outcome: 'DECLINED', declineReason: declines };
}
