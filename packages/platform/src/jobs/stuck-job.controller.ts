import { z } from 'zod';
import { DomainError } from '../http/domain-error.js';
import { defineRoute, reply, type Route, type RouteSource } from '../http/route.js';
import type { Database } from '../postgres/database.js';
import type { StuckJob, StuckJobs } from './stuck-jobs.js';

/** The job is not stuck, or not any more. */
export class StuckJobNotFound extends DomainError {
  static readonly slug = 'stuck-job-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such stuck job';

  constructor(stuckId: number) {
    super(`No job that got stuck under ${stuckId} waits for anybody.`, { stuck_id: stuckId });
  }
}

const positive = z.int().min(1);
const positiveText = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'must be a positive whole number')
  .transform(Number)
  .meta({ type: 'integer', minimum: 1 });

const stuckJobView = z.strictObject({
  stuck_id: positive,
  job: z.string(),
  about: z.unknown().meta({ description: 'What the job was told' }),
  reason: z.string(),
  attempts: positive,
  stuck_at: z.string().meta({ format: 'date-time' }),
});

const PAGE = 100;

/** Who offers the routes: the service's name and the path that the gateway knows it by. */
export interface StuckJobPlace {
  readonly service: string;
  readonly prefix: string;
}

/** Work that a service has given up on, for operators. */
export class StuckJobController implements RouteSource {
  readonly routes: readonly Route[];

  constructor(
    { service, prefix }: StuckJobPlace,
    private readonly database: Database,
    private readonly stuckJobs: StuckJobs,
  ) {
    const name = service.replace(/(?:^|-)(\w)/g, (_dash, letter: string) => letter.toUpperCase());
    this.routes = [
      defineRoute({
        method: 'GET',
        path: `${prefix}/stuck-jobs`,
        operation: `list${name}StuckJobs`,
        summary: `Work that ${service} has given up on, the oldest first`,
        tag: 'Operations',
        auth: 'admin',
        input: { query: z.strictObject({ cursor: positiveText.optional() }) },
        output: {
          200: z.strictObject({ stuck_jobs: z.array(stuckJobView), next_cursor: positive.optional() }),
        },
        handler: async ({ query }) => reply(200, await this.page(query.cursor)),
      }),
      defineRoute({
        method: 'POST',
        path: `${prefix}/stuck-jobs/:id/retry`,
        operation: `retry${name}StuckJob`,
        summary: `Have ${service} try a stuck job again`,
        tag: 'Operations',
        auth: 'admin',
        input: { params: z.strictObject({ id: positiveText }) },
        output: { 202: z.strictObject({ stuck_id: positive }) },
        problems: [StuckJobNotFound],
        handler: async ({ params }) => reply(202, await this.retry(params.id)),
      }),
    ];
  }

  private async page(after: number | undefined) {
    const found = await this.stuckJobs.open(this.database, { after, limit: PAGE + 1 });
    const items = found.slice(0, PAGE);
    const last = found.length > PAGE ? items.at(-1)?.stuckId : undefined;
    return { stuck_jobs: items.map(toStuckJobView), ...(last !== undefined && { next_cursor: last }) };
  }

  /** @throws StuckJobNotFound */
  private async retry(stuckId: number): Promise<{ stuck_id: number }> {
    const again = await this.database.transaction((tx) => this.stuckJobs.retry(tx, stuckId));
    if (!again) throw new StuckJobNotFound(stuckId);
    return { stuck_id: stuckId };
  }
}

const toStuckJobView = ({ stuckId, job, data, reason, attempts, stuckAt }: StuckJob) => ({
  stuck_id: stuckId,
  job,
  about: data,
  reason,
  attempts,
  stuck_at: stuckAt.toISOString(),
});
