import autocannon from 'autocannon';
import { figuresOf, type Figures } from './figures.js';
import { withCost } from './turns.js';

/** A request as it is sent. */
export interface DrivenRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What is driven. */
export interface Target {
  /** Where it listens, without a path. */
  readonly url: string;
  /** Called for every request. */
  readonly next: () => DrivenRequest;
  /** The processes that serve it. */
  readonly pids: readonly number[];
}

/** How wide a turn is, and when it ends. */
export type TurnOptions = { readonly connections: number } & (
  { readonly seconds: number } | { readonly requests: number }
);

const MS_PER_SECOND = 1_000;
/** Nothing that is driven takes so long; it ends a turn whose requests are counted when the target hangs. */
const LONGEST_TURN_SECONDS = 120;

/** Drives a target for one turn. @throws when an answer was not 2xx, for then it was something else that was measured */
export async function drive(target: Target, options: TurnOptions): Promise<Figures> {
  return withCost(
    () => target.pids,
    async () => {
      const durations: number[] = [];
      const startedAt = performance.now();
      let lastAt = startedAt;
      const onResponse = (durationMs: number): void => {
        durations.push(durationMs);
        lastAt = performance.now();
      };
      const { non2xx, errors } = await run(target, options, onResponse);
      if (non2xx + errors > 0)
        throw new Error(`${target.url}: ${non2xx} answers were not 2xx, ${errors} failed.`);
      return {
        figures: figuresOf(durations, (lastAt - startedAt) / MS_PER_SECOND),
        count: durations.length,
      };
    },
  );
}

function run(
  { url, next }: Target,
  options: TurnOptions,
  onResponse: (durationMs: number) => void,
): Promise<autocannon.Result> {
  return new Promise((resolve, reject) => {
    const turn: autocannon.Options = {
      url,
      connections: options.connections,
      ...('seconds' in options
        ? { duration: options.seconds }
        : { amount: options.requests, duration: LONGEST_TURN_SECONDS }),
      requests: [{ setupRequest: (request) => ({ ...request, ...driven(next()) }) }],
    };
    const instance = autocannon(turn, (error: Error | null, result) =>
      error === null ? resolve(result) : reject(error),
    );
    instance.on('response', (_client, _status, _bytes, durationMs) => onResponse(durationMs));
  });
}

const driven = ({ method = 'GET', headers, ...request }: DrivenRequest): autocannon.Request => ({
  ...request,
  method,
  headers: { ...headers },
});
