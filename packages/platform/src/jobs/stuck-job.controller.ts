import { z } from 'zod';
import { id, idText } from '../http/ids.js';
import { nextCursor, pageOf, pageQuery } from '../http/pages.js';
import { defineRoute, reply, type Route, type RouteSource } from '../http/route.js';
import type { Database } from '../postgres/database.js';
import { StuckJobNotFound } from './stuck-job.errors.js';
import type { StuckJob, StuckJobs } from './stuck-jobs.js';

const stuckJobView = z.strictObject({
  stuck_id: id,
  job: z.string(),
  about: z.unknown().meta({ description: 'What the job was told' }),
  reason: z.string(),
  attempts: z.int().positive(),
  stuck_at: z.iso.datetime({ offset: true }),
});

const stuckJobQuery = pageQuery(100);

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
        input: { query: stuckJobQuery },
        output: {
          200: z.strictObject({ stuck_jobs: z.array(stuckJobView), next_cursor: nextCursor }),
        },
        handler: async ({ query }) => reply(200, await this.page(query)),
      }),
      defineRoute({
        method: 'POST',
        path: `${prefix}/stuck-jobs/:id/retry`,
        operation: `retry${name}StuckJob`,
        summary: `Have ${service} try a stuck job again`,
        tag: 'Operations',
        auth: 'admin',
        input: { params: z.strictObject({ id: idText }) },
        output: { 202: z.strictObject({ stuck_id: id }) },
        problems: [StuckJobNotFound],
        handler: async ({ params }) => reply(202, await this.retry(params.id)),
      }),
    ];
  }

  private async page({ cursor, limit }: z.infer<typeof stuckJobQuery>) {
    const found = await this.stuckJobs.open(this.database, { after: cursor, limit: limit + 1 });
    const page = pageOf(found, limit, ({ stuckId }) => stuckId);
    return { stuck_jobs: page.items.map(toStuckJobView), next_cursor: page.nextCursor };
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
