import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuthServiceUnderTest, sendTo, uniqueEmail } from '../testing/auth-service-under-test.js';

let auth: AuthServiceUnderTest;

beforeAll(async () => {
  auth = await AuthServiceUnderTest.start();
});
afterAll(() => auth.stop());

const signUp = (body: unknown) => auth.send('POST', '/api/auth/signup', body);
const logIn = (body: unknown) => auth.send('POST', '/api/auth/login', body);

describe('signing up', () => {
  test('answers with tokens that work at once', async () => {
    const email = uniqueEmail();
    const answer = await signUp({ name: '  Asha Rao ', email: email.toUpperCase(), password: 'secret' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      userId: expect.any(Number),
      token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 900,
    });
    const me = await auth.send('GET', '/api/auth/me', undefined, answer.body.token);
    expect(me.status).toBe(200);
    expect(me.body).toEqual({
      user_id: answer.body.userId,
      name: 'Asha Rao',
      email,
      role: 'customer',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  test('with a taken address is refused, however it is written', async () => {
    const { email } = await auth.signUp();
    const answer = await signUp({ name: 'Other', email: ` ${email.toUpperCase()}`, password: 'another one' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ type: 'email-taken', status: 409 });
  });

  test('twenty times at once with one address makes one account', async () => {
    const email = uniqueEmail();
    const replica = await auth.startReplica();
    const attempts = Array.from({ length: 20 }, (_, i) =>
      sendTo(i % 2 === 0 ? auth.url : replica, 'POST', '/api/auth/signup', {
        name: `Number ${i}`,
        email,
        password: 'correct horse',
      }),
    );
    const statuses = (await Promise.all(attempts)).map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    expect(await auth.sql('select 1 from users where email = $1', [email])).toHaveLength(1);
  });

  test('stores neither the password nor the refresh token', async () => {
    const { userId, refresh_token: token } = await auth.signUp({ password: 'plainly visible' });
    const rows = await auth.sql('select * from users natural join sessions natural join refresh_tokens');
    const [row] = await auth.sql('select password_hash from users where user_id = $1', [userId]);
    expect(row.password_hash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
    const stored = JSON.stringify(rows, (_, value) =>
      Buffer.isBuffer(value) ? value.toString('latin1') : value,
    );
    expect(stored).not.toContain('plainly visible');
    expect(stored).not.toContain(token);
  });

  test.each([
    ['five characters', '12345', 400],
    ['five emoji, which are ten code units', '😀😀😀😀😀', 400],
    ['six emoji', '😀😀😀😀😀😀', 201],
    ['128 characters', 'x'.repeat(128), 201],
    ['128 emoji', '😀'.repeat(128), 201],
    ['129 characters', 'x'.repeat(129), 400],
    ['a null byte', 'secret\u0000tail', 400],
    ['a line break', 'secret\ntail', 400],
  ])('with a password of %s', async (_, password, status) => {
    const email = uniqueEmail();
    const answer = await signUp({ name: 'A', email, password });
    expect(answer.status).toBe(status);
    if (status === 201) expect((await logIn({ email, password })).status).toBe(200);
    else expect(answer.body.errors).toMatchObject([{ field: 'password', in: 'body' }]);
  });

  test('with a password that composes letters otherwise is the same password', async () => {
    const { email } = await auth.signUp({ password: 'Zo\u00eb zo\u00eb' });
    expect((await logIn({ email, password: 'Zoe\u0308 zoe\u0308' })).status).toBe(200);
  });

  test('names every bad field and stores nothing', async () => {
    const before = await auth.sql('select count(*) from users');
    const bad = [
      {},
      [],
      { name: '', email: 'nobody', password: 'x' },
      { name: 'A', email: uniqueEmail(), password: 'correct horse', role: 'admin' },
      { name: 'A\u0000B', email: uniqueEmail(), password: 'correct horse' },
      { name: 'x'.repeat(101), email: uniqueEmail(), password: 'correct horse' },
      { name: 'A', email: `${'x'.repeat(250)}@example.com`, password: 'correct horse' },
      { name: { $ne: null }, email: ['a@example.com'], password: 123_456 },
      { name: null, email: null, password: null },
    ];
    for (const body of bad) {
      const answer = await signUp(body);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.errors.length).toBeGreaterThan(0);
    }
    expect((await signUp({})).body.errors.map((error: { field: string }) => error.field)).toEqual([
      'name',
      'email',
      'password',
    ]);
    expect(await auth.sql('select count(*) from users')).toEqual(before);
  });

  test('with prototype keys pollutes nothing', async () => {
    const email = uniqueEmail();
    const body = `{"name":"A","email":"${email}","password":"correct horse","__proto__":{"role":"admin"}}`;
    const answer = await signUp(body);
    expect([201, 400]).toContain(answer.status);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
    expect(await auth.sql(`select 1 from users where email = $1 and role = 'admin'`, [email])).toEqual([]);
    const constructor = `{"name":"A","email":"${email}","password":"correct horse","constructor":{}}`;
    expect((await signUp(constructor)).status).toBe(400);
  });

  test('with SQL in every field takes it for text', async () => {
    const name = `Robert'); drop table users; --`;
    const { token } = await auth.signUp({ name, password: `' or '1'='1` });
    const me = await auth.send('GET', '/api/auth/me', undefined, token);
    expect(me.body.name).toBe(name);
  });

  test('with a body that cannot be read says what is wrong with it', async () => {
    expect((await signUp('{"name":')).status).toBe(400);
    expect((await signUp(JSON.stringify({ name: 'x'.repeat(150_000) }))).status).toBe(413);
    const form = await fetch(`${auth.url}/api/auth/signup`, { method: 'POST', body: 'name=A' });
    expect(form.status).toBe(415);
  });
});

describe('logging in', () => {
  test('answers with a session of its own', async () => {
    const { email, userId, refresh_token: first } = await auth.signUp();
    const answer = await logIn({ email: email.toUpperCase(), password: 'correct horse' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ userId, expires_in: 900 });
    expect(answer.body.refresh_token).not.toBe(first);
  });

  test('answers the same to an unknown address and to a wrong password', async () => {
    const { email } = await auth.signUp();
    const wrong = await logIn({ email, password: 'wrong horse' });
    const unknown = await logIn({ email: uniqueEmail(), password: 'wrong horse' });
    expect(wrong.status).toBe(401);
    expect(wrong.body.type).toBe('wrong-credentials');
    const { request_id: _one, ...wrongBody } = wrong.body;
    const { request_id: _other, ...unknownBody } = unknown.body;
    expect(unknownBody).toEqual(wrongBody);
    expect(unknown.status).toBe(401);
  });

  test.each([
    {},
    { email: 'a@example.com' },
    { email: 'not an address', password: 'correct horse' },
    { email: 'a@example.com', password: '' },
    { email: 'a@example.com', password: 'x'.repeat(129) },
    { email: 'a@example.com', password: 'null\u0000byte' },
    { email: { length: 3 }, password: ['a'] },
  ])('refuses %j as malformed', async (body) => {
    expect((await logIn(body)).status).toBe(400);
  });

  test('brings the hash up to the configured cost', async () => {
    const { email, userId } = await auth.signUp();
    const replica = await auth.startReplica({ ARGON2_PASSES: '2' });
    const body = { email, password: 'correct horse' };
    expect((await sendTo(replica, 'POST', '/api/auth/login', body)).status).toBe(200);
    const [row] = await auth.sql('select password_hash from users where user_id = $1', [userId]);
    expect(row.password_hash).toContain('m=64,t=2,p=1');
    expect((await logIn(body)).status).toBe(200);
  });
});

test('wrong methods and unknown addresses are problems', async () => {
  const wrongMethod = await auth.send('GET', '/api/auth/login');
  expect(wrongMethod.status).toBe(405);
  expect(wrongMethod.headers.get('allow')).toBe('POST');
  expect((await auth.send('GET', '/api/auth/nothing')).status).toBe(404);
});
