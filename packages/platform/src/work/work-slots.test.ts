import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DomainError } from '../http/domain-error.js';
import { WorkSlots } from './work-slots.js';

class TooBusy extends DomainError {
  static readonly slug = 'too-busy';
  static readonly kind = 'unavailable';
  static readonly title = 'Too busy';
}

const slotsOf = (slots: number, queue: number) =>
  new WorkSlots({ slots, queue, refusal: () => new TooBusy('Too busy.') });

test('no more work goes on at once than there are slots, and all of it gets done in order', async () => {
  const slots = slotsOf(3, 100);
  let running = 0;
  let most = 0;
  const begun: number[] = [];
  const works = Array.from({ length: 50 }, (_, i) =>
    slots.run(async () => {
      begun.push(i);
      running += 1;
      most = Math.max(most, running);
      await sleep(1);
      running -= 1;
      return i;
    }),
  );
  expect(await Promise.all(works)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(most).toBe(3);
  expect(begun).toEqual(begun.toSorted((a, b) => a - b));
});

test('work that finds the queue full is refused, and a failed work gives its slot back', async () => {
  const slots = slotsOf(1, 1);
  const failing = slots.run(async () => {
    await sleep(5);
    throw new Error('failed');
  });
  const queued = slots.run(async () => 'queued');
  await expect(slots.run(async () => 'refused')).rejects.toBeInstanceOf(TooBusy);
  await expect(failing).rejects.toThrow('failed');
  expect(await queued).toBe('queued');
  expect(await slots.run(async () => 'later')).toBe('later');
});

test('work that is not wanted any more leaves its place in the queue to others and is never begun', async () => {
  const slots = slotsOf(1, 1);
  let finish = () => {};
  const running = slots.run(() => new Promise<void>((resolve) => (finish = resolve)));
  const unwanted = new AbortController();
  const begun: string[] = [];
  const waiting = slots.run(async () => begun.push('unwanted'), unwanted.signal);
  unwanted.abort();
  await expect(waiting).rejects.toThrow('aborted');
  const next = slots.run(async () => begun.push('next'), new AbortController().signal);
  finish();
  await Promise.all([running, next]);
  await expect(slots.run(async () => begun.push('late'), unwanted.signal)).rejects.toThrow('aborted');
  expect(begun).toEqual(['next']);
});
