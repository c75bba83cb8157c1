import { randomUUID } from 'node:crypto';
import { JobQueue, SystemClock } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import { composeMockProvider } from './composition.js';
import {
  IdempotencyConflict,
  ProviderUnreachable,
  RefundRefused,
  type Charge,
  type PaymentProvider,
  type StatementCharge,
} from './payment-provider.js';

const service = new PaymentServiceUnderTest();
let provider: PaymentProvider;

const providerThat = (options: { slowMs: number; timeoutMs: number; challengeMs?: number }) =>
  composeMockProvider(service.database, new JobQueue(), new SystemClock(), {
    lateMs: 100,
    challengeMs: 100,
    publicUrl: 'http://gateway.test',
    ...options,
  }).provider;

beforeAll(async () => {
  await service.start();
  provider = providerThat({ slowMs: 1_000, timeoutMs: 5_000 });
});
afterAll(() => service.stop());

const request = (methodToken = 'tok_success') => ({
  idempotencyKey: randomUUID(),
  amountPaise: 1_000,
  methodToken,
});

async function captured(): Promise<Charge & { status: 'CAPTURED' }> {
  const charge = await provider.charge(request());
  if (charge.status !== 'CAPTURED') throw new Error('The charge was not captured.');
  return charge;
}

describe('a charge', () => {
  test('asked for again under its key is the same charge', async () => {
    const one = request();
    const first = await provider.charge(one);
    expect(first).toMatchObject({ status: 'CAPTURED', amountPaise: 1_000 });
    expect(await provider.charge(one)).toEqual(first);
    expect(await provider.find(one.idempotencyKey)).toEqual(first);
  });

  test('asked for ten times at once under its key is the same charge', async () => {
    const one = request();
    const charges = await Promise.all(Array.from({ length: 10 }, () => provider.charge(one)));
    expect(new Set(charges.map((charge) => charge.status === 'CAPTURED' && charge.chargeId)).size).toBe(1);
  });

  test('of another amount or method under the same key is an error', async () => {
    const one = request();
    await provider.charge(one);
    await expect(provider.charge({ ...one, amountPaise: 999 })).rejects.toThrow(IdempotencyConflict);
    await expect(provider.charge({ ...one, methodToken: 'tok_declined' })).rejects.toThrow(
      IdempotencyConflict,
    );
  });

  test('that was declined stays declined', async () => {
    const one = request('tok_insufficient_funds');
    const declined = { status: 'DECLINED', declineReason: 'insufficient_funds' };
    expect(await provider.charge(one)).toEqual(declined);
    expect(await provider.charge(one)).toEqual(declined);
  });

  test('that is slow is pending until it is decided', async () => {
    const one = request('tok_slow');
    const answer = provider.charge(one);
    const early = await service.until(
      () => provider.find(one.idempotencyKey),
      (charge) => charge !== undefined,
    );
    expect(early).toEqual({ status: 'PENDING' });
    expect(await answer).toMatchObject({ status: 'CAPTURED' });
  });

  test('that takes longer than its caller waits is decided all the same', async () => {
    const one = request('tok_slow');
    await expect(providerThat({ slowMs: 2_000, timeoutMs: 10 }).charge(one)).rejects.toThrow(
      ProviderUnreachable,
    );
    expect(await provider.find(one.idempotencyKey)).toEqual({ status: 'PENDING' });
    const later = await service.until(
      () => provider.find(one.idempotencyKey),
      (charge) => charge?.status !== 'PENDING',
    );
    expect(later).toMatchObject({ status: 'CAPTURED' });
  });

  test('whose answer is lost was made', async () => {
    const one = request('tok_timeout_after_capture');
    await expect(providerThat({ slowMs: 1, timeoutMs: 10 }).charge(one)).rejects.toThrow(ProviderUnreachable);
    expect(await provider.find(one.idempotencyKey)).toMatchObject({ status: 'CAPTURED' });
  });

  test('that never arrived is not found', async () => {
    expect(await provider.find(randomUUID())).toBeUndefined();
  });
});

describe('an abandoned key', () => {
  test('can never be charged', async () => {
    const one = request();
    expect(await provider.abandon(one.idempotencyKey)).toEqual({ status: 'ABANDONED' });
    expect(await provider.charge(one)).toEqual({ status: 'ABANDONED' });
    expect(await provider.find(one.idempotencyKey)).toEqual({ status: 'ABANDONED' });
  });

  test('that was charged before stays charged', async () => {
    const one = request();
    const charge = await provider.charge(one);
    expect(await provider.abandon(one.idempotencyKey)).toEqual(charge);
  });

  test('that is charged at the same moment is one or the other for everybody', async () => {
    for (let round = 0; round < 10; round += 1) {
      const one = request();
      const [charged, abandoned] = await Promise.all([
        provider.charge(one),
        provider.abandon(one.idempotencyKey),
      ]);
      expect(charged).toEqual(abandoned);
    }
  });
});

describe('a refund', () => {
  test('asked for again under its key is the same refund', async () => {
    const { chargeId } = await captured();
    const one = { idempotencyKey: randomUUID(), chargeId, amountPaise: 1_000 };
    const answers = await Promise.all(Array.from({ length: 5 }, () => provider.refund(one)));
    expect(new Set(answers.map(({ refundId }) => refundId)).size).toBe(1);
    expect(await provider.findRefund(one.idempotencyKey)).toEqual(answers[0]);
  });

  test('of another amount under the same key is an error', async () => {
    const { chargeId } = await captured();
    const one = { idempotencyKey: randomUUID(), chargeId, amountPaise: 400 };
    await provider.refund(one);
    await expect(provider.refund({ ...one, amountPaise: 500 })).rejects.toThrow(IdempotencyConflict);
  });

  test('is never more than what was captured, whoever asks at once', async () => {
    const { chargeId } = await captured();
    const answers = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        provider.refund({ idempotencyKey: randomUUID(), chargeId, amountPaise: 400 }),
      ),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(RefundRefused);
    }
  });

  test('of a charge that does not exist is refused', async () => {
    await expect(
      provider.refund({ idempotencyKey: randomUUID(), chargeId: 'ch_none', amountPaise: 1 }),
    ).rejects.toThrow(RefundRefused);
  });
});

describe('the statement', () => {
  const lines = async (after?: string) => provider.charges(after, 1_000);
  const pages = async (): Promise<StatementCharge[]> => {
    const seen: StatementCharge[] = [];
    for (let page = await provider.charges(undefined, 2); page.length > 0;) {
      seen.push(...page);
      page = await provider.charges(page.at(-1)?.position, 2);
    }
    return seen;
  };

  test('shows every charge once, as it is now, in pages that follow each other', async () => {
    const patient = providerThat({ slowMs: 1_000, timeoutMs: 5_000, challengeMs: 3_600_000 });
    const keys = new Set<string>();
    const isOurs = ({ idempotencyKey }: StatementCharge) => keys.has(idempotencyKey);
    for (const token of ['tok_success', 'tok_declined', 'tok_wrong_amount', 'tok_challenge']) {
      const one = request(token);
      keys.add(one.idempotencyKey);
      await patient.charge(one);
    }
    // Whatever is open on the server, in other databases too, holds the statement back.
    const seen = await service.until(pages, (all) => all.filter(isOurs).length === keys.size);
    expect(new Set(seen.map(({ chargeId }) => chargeId)).size).toBe(seen.length);
    expect(seen.filter(isOurs).map(({ status, amountPaise }) => [status, amountPaise])).toEqual([
      ['CAPTURED', 1_000],
      ['DECLINED', 1_000],
      ['CAPTURED', 1_100],
      ['CHALLENGED', 1_000],
    ]);
  });

  test('shows a charge again when it has changed', async () => {
    const one = request('tok_late_success');
    await provider.charge(one);
    const before = await lines();
    await service.until(
      () => provider.find(one.idempotencyKey),
      (charge) => charge?.status === 'CAPTURED',
    );
    // Other charges of this test change too.
    const after = await service.until(
      async () =>
        (await lines(before.at(-1)?.position)).filter((line) => line.idempotencyKey === one.idempotencyKey),
      ({ length }) => length > 0,
    );
    expect(after).toMatchObject([{ status: 'CAPTURED' }]);
  });

  test('never shows later, behind its reader, what was committed late', async () => {
    const slow = request();
    const fast = request();
    const { position } = await service.database.transaction(async (tx) => {
      await tx.execute(
        `insert into mock_provider.charges (idempotency_key, status, outcome, amount_paise, settles_at)
         values ($1, 'CAPTURED', 'CAPTURED', 1, now())`,
        [slow.idempotencyKey],
      );
      await provider.charge(fast);
      return { position: (await lines()).at(-1)?.position };
    });
    const keys = (
      await service.until(
        () => lines(position),
        ({ length }) => length >= 2,
      )
    ).map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toContain(slow.idempotencyKey);
    expect(keys).toContain(fast.idempotencyKey);
  });

  test('shows refunds with what became of them', async () => {
    const charge = await provider.charge(request('tok_refund_fails'));
    if (charge.status !== 'CAPTURED') throw new Error('The charge was not captured.');
    const refund = () => ({ idempotencyKey: randomUUID(), chargeId: charge.chargeId, amountPaise: 1_000 });
    const first = refund();
    expect(await provider.refund(first)).toMatchObject({ status: 'PENDING' });
    const failed = await service.until(
      () => provider.findRefund(first.idempotencyKey),
      (seen) => seen?.status === 'FAILED',
    );
    expect(failed).toMatchObject({ failureReason: 'bank_account_unavailable' });
    expect(await provider.refund(refund())).toMatchObject({ status: 'SUCCEEDED' });
    await expect(provider.refund(refund())).rejects.toThrow(RefundRefused);
    const shown = (
      await service.until(
        () => provider.refunds(undefined, 1_000),
        (all) => all.filter(({ chargeId }) => chargeId === charge.chargeId).length === 2,
      )
    ).filter(({ chargeId }) => chargeId === charge.chargeId);
    expect(shown.map(({ status }) => status)).toEqual(['FAILED', 'SUCCEEDED']);
  });
});
