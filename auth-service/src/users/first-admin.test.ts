import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuthServiceUnderTest, sendTo, uniqueEmail } from '../testing/auth-service-under-test.js';

let auth: AuthServiceUnderTest;

beforeAll(async () => {
  auth = await AuthServiceUnderTest.start();
});
afterAll(() => auth.stop());

const logIn = (email: string, password: string) => auth.send('POST', '/api/auth/login', { email, password });

async function roleOf(token: string): Promise<string> {
  return (await auth.send('GET', '/api/auth/me', undefined, token)).body.role;
}

describe('the configured administrator', () => {
  test('exists once after four replicas started together', async () => {
    const email = uniqueEmail();
    const admin = { ADMIN_EMAIL: email.toUpperCase(), ADMIN_PASSWORD: 'admin of the tests' };
    await Promise.all([1, 2, 3, 4].map(() => auth.startReplica(admin)));
    const { body, status } = await logIn(email, 'admin of the tests');
    expect(status).toBe(200);
    expect(await roleOf(body.token)).toBe('admin');
    expect(await auth.sql('select 1 from users where email = $1', [email])).toHaveLength(1);
  });

  test('has the password that is configured now, and the sessions of the old one end', async () => {
    const email = uniqueEmail();
    await auth.startReplica({ ADMIN_EMAIL: email, ADMIN_PASSWORD: 'the first password' });
    const { body: old } = await logIn(email, 'the first password');
    await auth.startReplica({ ADMIN_EMAIL: email, ADMIN_PASSWORD: 'the second password' });
    expect((await logIn(email, 'the first password')).status).toBe(401);
    expect((await logIn(email, 'the second password')).status).toBe(200);
    const refreshed = await auth.send('POST', '/api/auth/refresh', { refresh_token: old.refresh_token });
    expect(refreshed.status).toBe(401);
  });

  test('keeps its sessions when nothing changed', async () => {
    const email = uniqueEmail();
    const admin = { ADMIN_EMAIL: email, ADMIN_PASSWORD: 'the same password' };
    await auth.startReplica(admin);
    const { body } = await logIn(email, 'the same password');
    await auth.startReplica(admin);
    const refreshed = await auth.send('POST', '/api/auth/refresh', { refresh_token: body.refresh_token });
    expect(refreshed.status).toBe(200);
  });

  test('may have been a customer, who is locked out until they know the configured password', async () => {
    const { email, userId } = await auth.signUp({ password: 'a customer at first' });
    await auth.startReplica({ ADMIN_EMAIL: email, ADMIN_PASSWORD: 'now an administrator' });
    expect((await logIn(email, 'a customer at first')).status).toBe(401);
    const { body } = await logIn(email, 'now an administrator');
    expect(body.userId).toBe(userId);
    expect(await roleOf(body.token)).toBe('admin');
  });
});

test('a replica takes its keys from the same secret, so tokens of one work on the other', async () => {
  const replica = await auth.startReplica();
  const { token } = await auth.signUp();
  expect((await sendTo(replica, 'GET', '/api/auth/me', undefined, token)).status).toBe(200);
});
