import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const built = (file: string): string => JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);

/** A program that does this with a logger. It runs what `npm run build` made. */
const programOf = (work: string): string[] => [
  '--input-type=module',
  '--eval',
  `import { createLogger } from ${built('logging/logger.js')};
   import { runInContext } from ${built('context/request-context.js')};
   const logger = createLogger('depot-service', 'info');
   ${work}`,
];

/** The lines that the program writes. */
async function linesOf(work: string): Promise<Record<string, unknown>[]> {
  const { stdout } = await run(process.execPath, programOf(work));
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line is JSON with its level by name, the service, the time and the running request', async () => {
  const [inside, outside] = await linesOf(`
    const context = { requestId: 'request-1', traceId: 'trace-1', userId: 7 };
    runInContext(context, () => logger.info({ parcels: 2 }, 'locked'));
    logger.warn('alone');
    logger.debug('not shown');`);
  expect(inside).toMatchObject({
    level: 'info',
    service: 'depot-service',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    request_id: 'request-1',
    trace_id: 'trace-1',
    user_id: 7,
    parcels: 2,
    msg: 'locked',
  });
  expect(outside).toMatchObject({ level: 'warn', msg: 'alone' });
  expect(outside).not.toHaveProperty('request_id');
});

test('secrets are blotted out wherever they stand, and what was logged is not changed', async () => {
  const lines = await linesOf(`
    const secret = 'hunter2';
    const body = { password: secret, user: { token: secret, nested: { refresh_token: secret } } };
    logger.info(body, 'one');
    logger.info({ request: { headers: { authorization: secret, cookie: secret, 'set-cookie': secret } } }, 'two');
    logger.info({ list: [{ clientSecret: secret }, { accessToken: secret }] }, 'three');
    logger.info({ same: body.password === secret && body.user.nested.refresh_token === secret }, 'four');`);
  expect(JSON.stringify(lines)).not.toContain('hunter2');
  expect(lines.map(({ msg }) => msg)).toEqual(['one', 'two', 'three', 'four']);
  expect(lines[3]).toMatchObject({ same: true });
});

test('text from outside stays inside of its line', async () => {
  const forged = 'x\\n{"level":"fatal","msg":"forged"}\\u2028\\r\\n';
  const lines = await linesOf(
    `logger.info({ path: "${forged.replaceAll('"', '\\"')}" }, "${forged.replaceAll('"', '\\"')}");`,
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 'info' });
});

test('an error is written with its stack and its cause', async () => {
  const [line] = await linesOf(
    `logger.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');`,
  );
  const { err } = line as { err: { message: string; stack: string } };
  expect(err.message).toContain('outer');
  expect(err.stack).toContain('inner');
});

test('a line is out soon, also while the process goes on and logs nothing else', async () => {
  const child = spawn(process.execPath, programOf(`logger.info('one'); setInterval(() => {}, 1_000);`));
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(line.toString())).toMatchObject({ msg: 'one' });
  } finally {
    child.kill();
  }
});

test('lines that wait are out before a process ends, however it does', async () => {
  for (const end of ['process.exit()', 'throw new Error("the end")']) {
    const child = spawn(process.execPath, programOf(`logger.info('one'); logger.info('two'); ${end};`));
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(child, 'close');
    expect(text.match(/"msg":"\w+"/g)).toEqual(['"msg":"one"', '"msg":"two"']);
  }
});
