import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createTestDatabase, TestIssuer, type TestDatabase } from '@flight-booking/local-stack/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

const PLATFORM = JSON.stringify(new URL('../../dist/index.js', import.meta.url).href);

/** A whole small service. It runs what `npm run build` made. */
const SERVICE = `
  import { setTimeout as sleep } from 'node:timers/promises';
  import { z } from 'zod';
  import { ServiceKit, commonVariables, databaseVariables, defineRoute, loadConfig, reply, runService }
    from ${PLATFORM};
  const schema = z.object({ ...commonVariables('depot', 0), ...databaseVariables });
  const route = (path, handler) => defineRoute({
    method: 'GET', path, operation: path.slice(1), summary: 'For the test', tag: 'Depot', auth: 'public',
    output: { 200: z.object({}) }, handler,
  });
  await runService(() => {
    const config = loadConfig(schema, process.env);
    const kit = new ServiceKit('depot', config);
    const database = kit.database(config, new URL('./', import.meta.url));
    kit.jobRunner(database, config, []);
    return kit.service([{ routes: [
      route('/internal/slow', async () => reply(200, {})),
      route('/slow', async () => { await sleep(500); return reply(200, { slow: true }); }),
      route('/reject', async () => { void Promise.reject(new Error('nobody listens')); return reply(200, {}); }),
      route('/throw', async () => { setTimeout(() => { throw new Error('nobody catches'); }); return reply(200, {}); }),
    ] }]);
  });
`;

interface Run {
  readonly child: ChildProcess;
  output: string;
  errors: string;
  readonly exit: Promise<number | null>;
}

const issuer = new TestIssuer();
let home: TestDatabase;
const runs: Run[] = [];

beforeAll(async () => {
  await issuer.start();
  home = await createTestDatabase();
});
afterEach(async () => {
  for (const { child, exit } of runs.splice(0)) {
    child.kill('SIGKILL');
    await exit;
  }
});
afterAll(async () => {
  await home.drop();
  await issuer.stop();
});

function launch(variables: Record<string, string> = {}, ...args: string[]): Run {
  const environment = {
    PATH: process.env['PATH'],
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    AUTH_URL: issuer.url,
    SERVICE_CLIENT_SECRET: 'a secret of some length',
    DATABASE_URL: home.url,
    ...variables,
  };
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SERVICE, '--', ...args], {
    env: environment,
    cwd: import.meta.dirname,
  });
  const run: Run = {
    child,
    output: '',
    errors: '',
    exit: once(child, 'close').then(([code]) => code as number | null),
  };
  child.stdout.on('data', (chunk) => (run.output += String(chunk)));
  child.stderr.on('data', (chunk) => (run.errors += String(chunk)));
  runs.push(run);
  return run;
}

async function listening(run: Run): Promise<string> {
  const port = (): string | undefined => /"port":(\d+).*is listening/.exec(run.output)?.[1];
  await expect.poll(port).toBeDefined();
  return `http://127.0.0.1:${port()}`;
}

test('a bad configuration is told variable by variable, without its values, and exits 1', async () => {
  const run = launch({ DATABASE_URL: 'mysql://hunter2', SERVICE_CLIENT_SECRET: '', PORT: 'many' });
  expect(await run.exit).toBe(1);
  for (const name of ['DATABASE_URL', 'SERVICE_CLIENT_SECRET', 'PORT']) expect(run.errors).toContain(name);
  expect(run.errors).not.toContain('hunter2');
});

test('a service describes itself without anything to connect to, and ends', async () => {
  const run = launch({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, '--describe');
  expect(await run.exit).toBe(0);
  const { paths, internal } = JSON.parse(run.output) as { paths: object; internal: object };
  expect(Object.keys(paths)).toEqual(['/slow', '/reject', '/throw']);
  expect(Object.keys(internal)).toEqual(['/internal/slow']);
});

test('a service starts, is live and ready, and shows its metrics', async () => {
  const url = await listening(launch());
  expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({
    status: 'ok',
    checks: { postgres: 'ok' },
  });
  const metrics = await (await fetch(`${url}/metrics`)).text();
  for (const name of [
    'http_request_duration_seconds',
    'postgres_pool_connections',
    'process_cpu_seconds_total',
  ]) {
    expect(metrics).toContain(name);
  }
});

test('on SIGTERM a service answers what it has begun and exits 0 by itself', async () => {
  const run = launch();
  const url = await listening(run);
  const answer = fetch(`${url}/slow`);
  await expect.poll(() => fetch(`${url}/health/live`).then(({ ok }) => ok)).toBe(true);
  run.child.kill('SIGTERM');
  expect(await (await answer).json()).toEqual({ slow: true });
  expect(await run.exit).toBe(0);
  expect(run.output).toContain('depot is stopping');
  expect(
    run.output
      .trimEnd()
      .split('\n')
      .every((line) => line.startsWith('{')),
  ).toBe(true);
});

test('on SIGTERM a service that still waits for its database ends too, and calls it no failure', async () => {
  const deaf = createServer((socket) => void socket.destroy()).listen(0, '127.0.0.1');
  await once(deaf, 'listening');
  const { port } = deaf.address() as AddressInfo;
  const run = launch({ DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` });
  await once(deaf, 'connection');
  const begunAt = Date.now();
  run.child.kill('SIGTERM');
  expect(await run.exit).toBe(0);
  expect(Date.now() - begunAt).toBeLessThan(3_000);
  deaf.close();
});

test.each([
  ['/reject', 'a rejection was not handled', 'nobody listens'],
  ['/throw', 'an exception was not caught', 'nobody catches'],
])('after %s the service says why and ends with status 1', async (path, message, cause) => {
  const run = launch();
  await fetch((await listening(run)) + path).catch(() => undefined);
  expect(await run.exit).toBe(1);
  expect(run.output).toContain(message);
  expect(run.output).toContain(cause);
});

test('a port that is taken ends the service with status 1 and the reason', async () => {
  const url = await listening(launch());
  const second = launch({ PORT: new URL(url).port });
  expect(await second.exit).toBe(1);
  expect(second.output).toContain('EADDRINUSE');
});
