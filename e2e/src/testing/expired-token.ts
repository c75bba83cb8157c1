import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalStack } from '@flight-booking/local-stack';
import { newCustomer } from '../api/customer.js';
import { ROOT } from '../api/openapi-document.js';

const LIFE_SECONDS = 1;
const PATIENCE_MS = 20_000;

/**
 * A token that the stack's own keys have signed and that is over: another copy of auth-service, whose tokens
 * live for a second, issues it.
 */
export async function issueExpiredToken(stack: LocalStack): Promise<string> {
  const port = await freePort();
  const { jwtSecret, clientSecrets } = stack.secrets;
  const copy = spawn(process.execPath, ['dist/main.js'], {
    cwd: fileURLToPath(new URL('auth-service/', ROOT)),
    env: {
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      HOST: '127.0.0.1',
      PORT: String(port),
      AUTH_URL: `http://127.0.0.1:${port}`,
      DATABASE_URL: stack.postgresUrl('auth-service'),
      REDIS_URL: stack.redisUrl,
      JWT_SECRET: jwtSecret,
      SERVICE_CLIENTS: `auth-service:${clientSecrets['auth-service']}`,
      SERVICE_CLIENT_SECRET: clientSecrets['auth-service'],
      ACCESS_TOKEN_TTL_SECONDS: String(LIFE_SECONDS),
    },
    stdio: 'ignore',
  });
  try {
    const token = await signUpWhenReady(`http://127.0.0.1:${port}`);
    await sleep((LIFE_SECONDS + 1) * 1_000);
    return token;
  } finally {
    copy.kill();
    await once(copy, 'exit');
  }
}

async function signUpWhenReady(url: string): Promise<string> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const customer = await newCustomer(url);
      return customer.api.token ?? '';
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await sleep(100);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
