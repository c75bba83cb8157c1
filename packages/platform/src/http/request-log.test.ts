import { pino } from 'pino';
import { expect, test } from 'vitest';
import { contextFromHeaders } from '../context/request-context.js';
import { Metrics } from '../metrics/metrics.js';
import { RequestLog } from './request-log.js';

test('of good reads the share is logged that is asked for, of everything else every line, and all are measured', async () => {
  const lines: string[] = [];
  const metrics = new Metrics('test');
  const log = new RequestLog(pino({ level: 'info' }, { write: (line) => void lines.push(line) }), metrics, 0);
  const startedAt = performance.now();
  for (const [method, status] of [
    ['GET', 200],
    ['GET', 404],
    ['GET', 499],
    ['POST', 200],
  ] as const)
    log.record({ method, route: '/parcels', status, startedAt }, contextFromHeaders({}));
  expect(lines.map((line) => JSON.parse(line).status)).toEqual([404, 499, 200]);
  const { text } = await metrics.expose();
  expect(text.match(/^http_request_duration_seconds_count\{/gm)).toHaveLength(4);
});
