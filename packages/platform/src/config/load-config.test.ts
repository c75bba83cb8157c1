import { expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidConfig, loadConfig } from './load-config.js';
import { commonVariables, databaseVariables, redisVariables, serviceUrl } from './variables.js';

const schema = z.object({
  ...commonVariables('depot-service', 5_000),
  ...databaseVariables,
  ...redisVariables,
  DEPOT_URL: serviceUrl,
});
const GOOD = {
  AUTH_URL: 'http://localhost:3000/',
  SERVICE_CLIENT_SECRET: 'a secret of some length',
  DATABASE_URL: 'postgres://depot:hunter2@localhost/depot',
  REDIS_URL: 'redis://localhost:6379',
  DEPOT_URL: 'https://depot.internal/base/',
};

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(schema, environment);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.problems;
    throw error;
  }
  return [];
}
const namesOf = (problems: readonly string[]): string[] =>
  problems.map((problem) => problem.split(':')[0] ?? '');

test('what is set is parsed, what is not has its default, and nobody can change it afterwards', () => {
  const config = loadConfig(schema, { ...GOOD, PORT: '0', DATABASE_POOL_SIZE: '20' });
  expect(config).toMatchObject({
    PORT: 0,
    DATABASE_POOL_SIZE: 20,
    LOG_LEVEL: 'info',
    SERVICE_CLIENT_ID: 'depot-service',
    AUTH_URL: ['http://localhost:3000'],
    DEPOT_URL: ['https://depot.internal/base'],
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('every bad variable is named at once, and no value is shown', () => {
  const bad = {
    AUTH_URL: 'nowhere-hunter2',
    SERVICE_CLIENT_SECRET: 'hunter2',
    DATABASE_URL: 'mysql://depot:hunter2@localhost/depot',
    REDIS_URL: 'hunter2',
    PORT: '70000',
    LOG_LEVEL: 'hunter2',
    JOB_CONCURRENCY: 'many',
  };
  const problems = problemsOf(bad);
  expect(namesOf(problems).toSorted()).toEqual([...Object.keys(bad), 'DEPOT_URL'].toSorted());
  expect(problems.join()).not.toContain('hunter2');
  expect(problems).toContain('DEPOT_URL: is required');
});

test('an empty variable counts as absent', () => {
  expect(problemsOf({ ...GOOD, DEPOT_URL: '', PORT: '' })).toEqual(['DEPOT_URL: is required']);
});

test.each(['localhost:3000', 'ftp://localhost', '//localhost', 'file:///etc/passwd'])(
  '%s is no address of a service',
  (address) => {
    expect(problemsOf({ ...GOOD, AUTH_URL: address })).toEqual([
      'AUTH_URL: must be an http:// or https:// address, or several separated by commas',
    ]);
  },
);

test('a service has one address, or one for each of its copies', () => {
  const config = loadConfig(schema, { ...GOOD, DEPOT_URL: 'http://a:1/,http://b:2' });
  expect(config.DEPOT_URL).toEqual(['http://a:1', 'http://b:2']);
  expect(namesOf(problemsOf({ ...GOOD, DEPOT_URL: 'http://a:1,' }))).toEqual(['DEPOT_URL']);
});

test('Redis is one address or several of a cluster', () => {
  expect(problemsOf({ ...GOOD, REDIS_URL: 'redis://a:1,rediss://b:2' })).toEqual([]);
  expect(namesOf(problemsOf({ ...GOOD, REDIS_URL: 'redis://a:1, redis://b:2' }))).toEqual(['REDIS_URL']);
});

test('a service says who it is by its own name and no other', () => {
  expect(namesOf(problemsOf({ ...GOOD, SERVICE_CLIENT_ID: 'another-service' }))).toEqual([
    'SERVICE_CLIENT_ID',
  ]);
});

test('a pool that the job runner alone would fill is too small', () => {
  expect(namesOf(problemsOf({ ...GOOD, DATABASE_POOL_SIZE: '3' }))).toEqual(['DATABASE_POOL_SIZE']);
});

test('a rule of the service’s own speaks for itself, also about a variable that is absent', () => {
  const own = z
    .object({ SMTP_URL: z.string().optional(), SMTP_FROM: z.string().optional() })
    .refine(({ SMTP_URL, SMTP_FROM }) => SMTP_URL === undefined || SMTP_FROM !== undefined, {
      path: ['SMTP_FROM'],
      message: 'is needed to send mail',
    });
  expect(() => loadConfig(own, { SMTP_URL: 'smtp://localhost' })).toThrow(
    'SMTP_FROM: is needed to send mail',
  );
});

test('outside development and test no variable may hold a placeholder, and all that do are named at once', () => {
  const schema = z.object({
    NODE_ENV: z.string(),
    DATABASE_URL: z.string(),
    SECRET: z.string(),
    PORT: z.string(),
  });
  const environment = {
    DATABASE_URL: 'postgres://a:change-me-db@host/a',
    SECRET: 'change-me-please-now',
    PORT: '1',
  };
  for (const trusting of ['development', 'test']) {
    expect(loadConfig(schema, { ...environment, NODE_ENV: trusting }).PORT).toBe('1');
  }
  expect(() => loadConfig(schema, { ...environment, NODE_ENV: 'production' })).toThrow(
    /DATABASE_URL: holds a placeholder[^]*SECRET: holds a placeholder/,
  );
});
