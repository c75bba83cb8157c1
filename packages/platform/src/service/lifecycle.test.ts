import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startAll, stopAll, wholeOf, type Lifecycle } from './lifecycle.js';

/** Parts that write down what happens to them. */
function partsOf(names: readonly string[], faults: Record<string, Error> = {}): [Lifecycle[], string[]] {
  const diary: string[] = [];
  const act = async (what: string): Promise<void> => {
    diary.push(what);
    await sleep(5);
    if (faults[what] !== undefined) throw faults[what];
  };
  const parts = names.map((name) => ({ start: () => act(`start ${name}`), stop: () => act(`stop ${name}`) }));
  return [parts, diary];
}

test('parts start in order and stop in the opposite one', async () => {
  const [parts, diary] = partsOf(['database', 'jobs', 'http']);
  await startAll(parts);
  await stopAll(parts);
  expect(diary).toEqual([
    'start database',
    'start jobs',
    'start http',
    'stop http',
    'stop jobs',
    'stop database',
  ]);
});

test('when a part does not start, those before it and itself are stopped and the rest is never started', async () => {
  const [parts, diary] = partsOf(['database', 'jobs', 'http'], { 'start jobs': new Error('no jobs') });
  await expect(startAll(parts)).rejects.toThrow('no jobs');
  expect(diary).toEqual(['start database', 'start jobs', 'stop jobs', 'stop database']);
});

test('a part that does not stop is told of and does not keep the others from stopping', async () => {
  const [parts, diary] = partsOf(['database', 'http'], { 'stop http': new Error('stuck') });
  await expect(stopAll(parts)).rejects.toThrow(AggregateError);
  expect(diary).toEqual(['stop http', 'stop database']);
});

test('a whole starts once however often it is told to', async () => {
  const [parts, diary] = partsOf(['database']);
  const whole = wholeOf(parts);
  await Promise.all([whole.start(), whole.start()]);
  expect(diary).toEqual(['start database']);
});

test('a stop during the start leaves nothing running', async () => {
  const running = new Set<string>();
  const part = (name: string): Lifecycle => ({
    start: async () => {
      await sleep(20);
      running.add(name);
    },
    stop: async () => void running.delete(name),
  });
  const whole = wholeOf([part('database'), part('http')]);
  const starting = whole.start();
  await sleep(5);
  await whole.stop();
  await starting;
  expect([...running]).toEqual([]);
});
