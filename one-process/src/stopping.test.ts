import type { Lifecycle } from '@flight-booking/platform';
import { expect, test } from 'vitest';
import { stopAfterGateway } from './stopping.js';

/** A service that notes its stop, or fails to. */
const service = (name: string, stopped: string[], failure?: Error): Lifecycle => ({
  start: async () => undefined,
  stop: async () => {
    if (failure !== undefined) throw failure;
    stopped.push(name);
  },
});

test('services that fail to stop, the gateway among them, keep none of the others from stopping', async () => {
  const stopped: string[] = [];
  const [broken, stuck] = [new Error('gateway'), new Error('seat')];
  const others = [service('auth', stopped), service('seat', stopped, stuck), service('ticket', stopped)];
  await expect(stopAfterGateway(service('gateway', stopped, broken), others)).rejects.toMatchObject({
    errors: expect.arrayContaining([broken, stuck]),
  });
  expect(stopped).toEqual(['auth', 'ticket']);
});

test('a gateway that takes long to stop does not hold the others up', async () => {
  const stopped: string[] = [];
  let finish = (): void => undefined;
  const gateway: Lifecycle = {
    start: async () => undefined,
    stop: () => new Promise((resolve) => (finish = resolve)),
  };
  const stopping = stopAfterGateway(gateway, [service('auth', stopped)]);
  await expect.poll(() => stopped).toEqual(['auth']);
  finish();
  await stopping;
});
