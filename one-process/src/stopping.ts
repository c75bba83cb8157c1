import { setTimeout as sleep } from 'node:timers/promises';
import type { Lifecycle } from '@flight-booking/platform';

/** So long the others go on answering what the gateway has begun to ask them. */
const GATEWAY_HEAD_START_MS = 500;

/**
 * Stops the gateway first and the others soon after; whichever fails to stop keeps none of the others from stopping.
 * @throws AggregateError of what each failed with
 */
export async function stopAfterGateway(gateway: Lifecycle, others: readonly Lifecycle[]): Promise<void> {
  const first = Promise.allSettled([gateway.stop()]);
  await Promise.race([first, sleep(GATEWAY_HEAD_START_MS)]);
  const endings = [...(await Promise.allSettled(others.map((service) => service.stop()))), ...(await first)];
  const failures = endings.flatMap((ending) =>
    ending.status === 'rejected' ? [ending.reason as unknown] : [],
  );
  if (failures.length > 0) throw new AggregateError(failures, 'Some services did not stop cleanly.');
}
