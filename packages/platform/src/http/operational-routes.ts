import { z } from 'zod';
import type { Health } from '../health/health.js';
import type { Metrics } from '../metrics/metrics.js';
import { binary, defineRoute, reply, type Route } from './route.js';

const healthReport = z.strictObject({
  status: z.enum(['ok', 'degraded', 'unavailable']),
  checks: z.record(z.string(), z.enum(['ok', 'down'])),
});

/** Probes and scrapers may add what they like to the address. */
const anything = z.looseObject({});

/** Liveness, readiness and metrics, the same for every service. */
export function operationalRoutes(health: Health, metrics: Metrics): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/health/live',
      operation: 'live',
      summary: 'Whether the process runs',
      tag: 'Operations',
      auth: 'public',
      input: { query: anything },
      output: { 200: z.strictObject({ status: z.literal('ok') }) },
      handler: async () => reply(200, { status: 'ok' as const }),
    }),
    defineRoute({
      method: 'GET',
      path: '/health/ready',
      operation: 'ready',
      summary: 'Whether the service can do its work, part by part',
      tag: 'Operations',
      auth: 'public',
      input: { query: anything },
      output: { 200: healthReport, 503: healthReport },
      handler: async () => {
        const report = await health.report();
        const answer = { status: report.status, checks: { ...report.checks } };
        return report.status === 'unavailable' ? reply(503, answer) : reply(200, answer);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/metrics',
      operation: 'metrics',
      summary: 'Metrics in the Prometheus text format',
      tag: 'Operations',
      auth: 'public',
      input: { query: anything },
      output: { 200: binary('text/plain') },
      handler: async () => {
        const { text, contentType } = await metrics.expose();
        return reply(200, Buffer.from(text), { 'content-type': contentType });
      },
    }),
  ];
}
