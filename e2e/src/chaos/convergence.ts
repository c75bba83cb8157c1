import { setTimeout as sleep } from 'node:timers/promises';
import type { Auditor } from '../audit/auditor.js';
import type { Finding } from '../audit/invariant.js';

const LOOK_EVERY_MS = 500;

/** How long it took until nothing was under way any more, or what still was when the time was over. */
export type Convergence =
  | { readonly settled: true; readonly tookMs: number }
  | { readonly settled: false; readonly tookMs: number; readonly left: readonly Finding[] };

/**
 * Waits until everything that crosses services has arrived and no due work lies anywhere.
 * @param withinMs counted from the last fault
 */
export async function converge(auditor: Auditor, withinMs: number): Promise<Convergence> {
  const startedAt = performance.now();
  for (;;) {
    const left = await auditor.faults('settled');
    const tookMs = performance.now() - startedAt;
    if (left.length === 0) return { settled: true, tookMs };
    if (tookMs > withinMs) return { settled: false, tookMs, left };
    await sleep(LOOK_EVERY_MS);
  }
}
