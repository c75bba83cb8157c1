import { appendFileSync } from 'node:fs';
import pg from 'pg';
import { environment } from '../config.js';

/**
 * Loaded into a service before its own program (`--import`): writes every statement that it sends to PostgreSQL, with
 * its values and what came back, as a line of JSON to the file that `BENCH_STATEMENTS` names.
 */
const file = environment['BENCH_STATEMENTS'] ?? '';

type Query = (this: pg.Client & { processID?: number }, ...args: unknown[]) => unknown;
type Callback = (error: unknown, result?: pg.QueryResult) => void;

// It is called on the client that it is asked for, so nothing is lost by taking it off its prototype.
// oxlint-disable-next-line typescript/unbound-method
const original = pg.Client.prototype.query as unknown as Query;

const recording: Query = function (...args) {
  const startedAt = performance.timeOrigin + performance.now();
  const [first] = args;
  const config = typeof first === 'string' ? { text: first } : (first as pg.QueryConfig);
  const values = Array.isArray(args[1]) ? args[1] : config.values;
  const write = (result: pg.QueryResult | undefined): void => {
    const statement = {
      service: environment['SERVICE_CLIENT_ID'],
      session: this.processID,
      startedAt,
      endedAt: performance.timeOrigin + performance.now(),
      name: config.name,
      text: config.text,
      values,
      rows: result?.rows,
    };
    appendFileSync(file, `${JSON.stringify(statement)}\n`);
  };
  const last = args.length - 1;
  const callback = args[last];
  if (typeof callback === 'function') {
    args[last] = (error: unknown, result?: pg.QueryResult): void => {
      write(result);
      (callback as Callback)(error, result);
    };
    return original.apply(this, args);
  }
  const answer = original.apply(this, args);
  if (answer instanceof Promise)
    return answer.then((result: pg.QueryResult) => {
      write(result);
      return result;
    });
  return answer;
};

pg.Client.prototype.query = recording as unknown as typeof pg.Client.prototype.query;
