/** Something that is running between `start` and `stop`; both are safe to call twice. */
export interface Lifecycle {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A whole of parts. `start` starts them in order; `stop` may come at any moment, even while that is under way:
 * what waits to start gives up, and whatever has come to run meanwhile is stopped too.
 */
export function wholeOf(parts: readonly Lifecycle[]): Lifecycle {
  let starting: Promise<void> | undefined;
  return {
    start: () => (starting ??= startAll(parts)),
    stop: async () => {
      const begun = starting;
      starting = undefined;
      await stopAll(parts);
      if (begun === undefined) return;
      await begun.catch(() => undefined);
      await stopAll(parts);
    },
  };
}

/** Starts parts in order; when one fails, stops those that had started. */
export async function startAll(parts: readonly Lifecycle[]): Promise<void> {
  const started: Lifecycle[] = [];
  try {
    for (const part of parts) {
      started.push(part);
      await part.start();
    }
  } catch (error) {
    await stopAll(started).catch(() => undefined);
    throw error;
  }
}

/** Stops parts in the opposite order; a part that fails does not keep the others from stopping. */
export async function stopAll(parts: readonly Lifecycle[]): Promise<void> {
  const failures: unknown[] = [];
  for (const part of parts.toReversed()) {
    await part.stop().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some parts did not stop cleanly.');
}
