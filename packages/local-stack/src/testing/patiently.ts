import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long a test waits for what has no time of its own. A machine that does ten other things takes many times what an
 * idle one does, and a test that fails costs more than one that waits.
 */
export const PATIENCE_MS = 30_000;
/** Most of what tests wait for takes less than a tenth of a second. */
export const LOOK_AGAIN_MS = 20;

/**
 * Repeats a check until it passes, and returns what it returned. For what `expect.poll` cannot do: checks of several
 * things at one moment, values that are needed afterwards, and whatever runs outside of a test.
 * @throws what the check threw last, when it has not passed within {@link PATIENCE_MS}
 */
export async function patiently<Seen>(
  check: () => Seen | Promise<Seen>,
  lookAgainMs = LOOK_AGAIN_MS,
): Promise<Seen> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= giveUpAt) throw error;
    }
    await sleep(lookAgainMs);
  }
}
