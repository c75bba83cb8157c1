import { InvalidConfig } from '@flight-booking/platform';
import { expect, test } from 'vitest';
import { readConfig } from './config.js';

const GOOD = {
  AUTH_URL: 'http://127.0.0.1:3000/',
  DATABASE_URL: 'postgresql://auth:password@127.0.0.1:5432/auth',
  REDIS_URL: 'redis://127.0.0.1:6379',
  SERVICE_CLIENT_SECRET: '4b7a1f0c9d2e8a6b5c3d',
  JWT_SECRET: '9f8e7d6c5b4a39281706f5e4d3c2b1a0',
  SERVICE_CLIENTS: 'seat-service:0a1b2c3d4e5f60718293, booking-service:has:colons:in:its:secret',
};

function problemsOf(changes: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig({ ...GOOD, ...changes });
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.problems;
    throw error;
  }
}

test('a good environment is read, with service clients as a map', () => {
  const config = readConfig(GOOD);
  expect(config.AUTH_URL).toEqual(['http://127.0.0.1:3000']);
  expect([...config.SERVICE_CLIENTS]).toEqual([
    ['seat-service', '0a1b2c3d4e5f60718293'],
    ['booking-service', 'has:colons:in:its:secret'],
  ]);
  expect(config.LOGIN_FAILURES_PER_ACCOUNT).toBe(5);
});

test('short secrets are refused everywhere', () => {
  for (const NODE_ENV of ['development', 'test', 'production'])
    expect(problemsOf({ NODE_ENV, JWT_SECRET: 'x'.repeat(31) })).toEqual([
      'JWT_SECRET: must have at least 32 characters',
    ]);
});

test('placeholder secrets will do in development and nowhere else, and all of them are listed', () => {
  const placeholders = {
    JWT_SECRET: 'change-me-to-a-long-random-text-of-your-own',
    SERVICE_CLIENTS: 'seat-service:change-me-seat-secret',
    ADMIN_EMAIL: 'admin@example.com',
    ADMIN_PASSWORD: 'change-me-admin',
  };
  expect(problemsOf({ ...placeholders, NODE_ENV: 'development' })).toEqual([]);
  for (const NODE_ENV of [undefined, 'production'])
    expect(problemsOf({ ...placeholders, NODE_ENV })).toEqual([
      expect.stringMatching(/^JWT_SECRET: holds a placeholder/),
      expect.stringMatching(/^SERVICE_CLIENTS: holds a placeholder/),
      expect.stringMatching(/^ADMIN_PASSWORD: holds a placeholder/),
    ]);
});

test.each(['', 'seat-service', 'seat-service:short', ':0a1b2c3d4e5f60718293', 'a b:0a1b2c3d4e5f60718293'])(
  'service clients %j are refused',
  (SERVICE_CLIENTS) => {
    expect(problemsOf({ SERVICE_CLIENTS })).toHaveLength(1);
  },
);

test('a client named twice is refused', () => {
  const SERVICE_CLIENTS = 'seat-service:0a1b2c3d4e5f60718293,seat-service:ffffffffffffffffffff';
  expect(problemsOf({ SERVICE_CLIENTS })).toEqual(['SERVICE_CLIENTS: must not name a client twice']);
});

test('every secret has a length below which it is refused in earnest, and all that are short are listed', () => {
  const short = {
    NODE_ENV: 'production',
    JWT_SECRET: '9f8e7d6c5b4a39281706f5e4d3c2b1a',
    SERVICE_CLIENT_SECRET: '4b7a1f0c9d2e8a6',
    SERVICE_CLIENTS: 'seat-service:0a1b2c3d4e5f6071,booking-service:0a1b2c3d4e5f607',
  };
  expect(problemsOf(short).map((problem) => problem.split(':')[0]?.split('.')[0])).toEqual([
    'SERVICE_CLIENT_SECRET',
    'JWT_SECRET',
    'SERVICE_CLIENTS',
  ]);
  const admin = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'eleven char' };
  expect(problemsOf({ ...admin, NODE_ENV: 'development' })).toEqual([]);
  for (const NODE_ENV of [undefined, 'production'])
    expect(problemsOf({ ...admin, NODE_ENV })).toEqual(['ADMIN_PASSWORD: must have at least 12 characters']);
});

test('an administrator needs both an address and a password', () => {
  expect(problemsOf({ ADMIN_EMAIL: 'admin@example.com' })).toEqual([
    expect.stringMatching(/^ADMIN_PASSWORD: is required/),
  ]);
  expect(problemsOf({ ADMIN_PASSWORD: 'a really good one' })).toEqual([
    expect.stringMatching(/^ADMIN_EMAIL: is required/),
  ]);
});
