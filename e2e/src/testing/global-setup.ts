import { fileURLToPath } from 'node:url';
import { LocalStack, type LocalStackOptions } from '@flight-booking/local-stack';
import { makeTestFolder, removeAbandonedFolders } from '@flight-booking/local-stack/testing';
import type { TestProject } from 'vitest/node';
import { ROOT } from '../api/openapi-document.js';
import { issueExpiredToken } from './expired-token.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Base address of the gateway of the stack that the end-to-end tests share. */
    gatewayUrl: string;
    serviceUrls: Record<string, string>;
    admin: { email: string; password: string };
    /** What the payment provider of that stack signs its webhooks with. */
    webhookSecret: string;
    /** With what each service asks for its tokens. */
    clientSecrets: Record<string, string>;
    /** A token that the stack itself issued and that is over. */
    expiredToken: string;
  }
}

/** Tests send from one address what a thousand customers would send from as many. */
const NO_RATE_LIMITS = {
  RATE_LIMIT_PER_ADDRESS: '10000000',
  RATE_LIMIT_PER_USER: '10000000',
  RATE_LIMIT_AUTH_PER_ADDRESS: '10000000',
  RATE_LIMIT_CALLBACKS_PER_ADDRESS: '10000000',
};

/** Hundreds of customers sign up, and how hard their passwords are to guess is a matter of auth-service's own tests. */
const CHEAP_PASSWORDS = { ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1' };

/** A stack on free ports, with data that nobody needs afterwards. */
export const createTestStack = (
  serviceEnv: Record<string, string> = {},
  options: Pick<LocalStackOptions, 'replicas' | 'inOneProcess' | 'onEvent'> = {},
): LocalStack =>
  new LocalStack({
    ...options,
    rootDir: fileURLToPath(ROOT),
    dataDir: makeTestFolder('stack'),
    ports: 'free',
    persistent: false,
    env: {
      ...process.env,
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      TIMETABLE_HORIZON_DAYS: '20',
      ...NO_RATE_LIMITS,
      ...CHEAP_PASSWORDS,
      ...serviceEnv,
    },
  });

/** Starts the nine built services once for all end-to-end tests, and stops them whatever happens. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandonedFolders();
  const stack = createTestStack();
  await stack.start();
  try {
    await stack.waitUntilHealthy();
  } catch (error) {
    await stack.stop();
    throw error;
  }
  project.provide('gatewayUrl', stack.urls['api-gateway']);
  project.provide('serviceUrls', { ...stack.urls });
  project.provide('webhookSecret', stack.secrets.paymentWebhookSecret);
  project.provide('clientSecrets', stack.secrets.clientSecrets);
  project.provide('expiredToken', await issueExpiredToken(stack));
  project.provide('admin', { email: stack.secrets.adminEmail, password: stack.secrets.adminPassword });
  return () => stack.stop();
}
