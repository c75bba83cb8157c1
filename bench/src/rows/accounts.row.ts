import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { drive, type DrivenRequest } from '../measure/drive.js';
import { byTurns } from '../measure/turns.js';
import { atLeast, throughputRatio, type Result } from '../report/result.js';
import { signUpCustomers } from '../stack/customer.js';
import type { BenchStack } from '../stack/bench-stack.js';
import type { BenchOptions } from '../bench-options.js';
import { YardstickProcess } from '../yardstick-process.js';

/** Twice what hashes at once, so that there is always one to go on with. */
const CONNECTIONS = 2 * availableParallelism();
const ACCOUNTS = 16;

/** Signing up and logging in, each against the hash alone. */
export async function accounts(bench: BenchStack, options: BenchOptions): Promise<Result[]> {
  const customers = await signUpCustomers(bench.gateway, ACCOUNTS);
  const hashing = await YardstickProcess.start('argon2');
  try {
    let count = 0;
    const url = bench.url('api-gateway');
    const pids = bench.pids('api-gateway', 'auth-service');
    const logIn = (): DrivenRequest => {
      const customer = customers[(count += 1) % customers.length];
      return posting('/api/auth/login', { email: customer?.email, password: customer?.password });
    };
    const driven = (next: () => DrivenRequest, seconds: number) => () =>
      drive({ url, pids, next }, { connections: CONNECTIONS, seconds });
    const turns = (seconds: number) => ({
      hash: () => hashing.turn(seconds),
      signUp: driven(signUp, seconds),
      logIn: driven(logIn, seconds),
    });
    await byTurns(turns(options.slowWarmUpSeconds / 2), 1);
    const figures = await byTurns(turns(options.turnSeconds), options.rounds);
    const yardstick = { name: 'argon2id alone, same parameters', figures: figures.hash };
    return (['signUp', 'logIn'] as const).map((name) => ({
      path: name === 'signUp' ? 'signup' : 'login',
      ours: figures[name],
      yardstick,
      goals: [atLeast(0.9, throughputRatio(figures[name], figures.hash), 'ratio')],
      note: `${CONNECTIONS} connections`,
    }));
  } finally {
    await hashing.stop();
  }
}

const signUp = (): DrivenRequest =>
  posting('/api/auth/signup', {
    name: 'Asha Sharma',
    email: `${randomUUID()}@bench.example.com`,
    password: randomUUID(),
  });

const posting = (path: string, body: object): DrivenRequest => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
