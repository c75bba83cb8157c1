import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

const BYTES_PER_GIB = 1024 ** 3;

/** Where and when something was measured. */
export interface Machine {
  readonly at: string;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Processes that wanted a core over the last minute, before the benchmark began. */
  readonly loadBefore: number;
}

/** The machine as it is now. */
export const thisMachine = (): Machine => ({
  at: new Date().toISOString(),
  node: process.version,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / BYTES_PER_GIB),
  loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
});
