import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { TooBusy } from './password.errors.js';
import { WorkSlots } from './work-slots.js';

test('no more work goes on at once than there are slots, and all of it gets done in order', async () => {
  const slots = new WorkSlots({ slots: 3, queue: 100 });
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
  const slots = new WorkSlots({ slots: 1, queue: 1 });
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
