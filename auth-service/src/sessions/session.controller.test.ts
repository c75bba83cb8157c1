import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuthServiceUnderTest, sendTo } from '../testing/auth-service-under-test.js';

let auth: AuthServiceUnderTest;

beforeAll(async () => {
  auth = await AuthServiceUnderTest.start();
});
afterAll(() => auth.stop());

const refresh = (token: unknown) => auth.send('POST', '/api/auth/refresh', { refresh_token: token });
const logOut = (refreshToken: unknown, token?: string) =>
  auth.send('POST', '/api/auth/logout', { refresh_token: refreshToken }, token);

describe('refreshing', () => {
  test('gives new tokens of the same user', async () => {
    const first = await auth.signUp();
    const answer = await refresh(first.refresh_token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({ userId: first.userId, expires_in: 900 });
    expect(answer.body.refresh_token).not.toBe(first.refresh_token);
    expect((await auth.send('GET', '/api/auth/me', undefined, answer.body.token)).status).toBe(200);
    expect((await refresh(answer.body.refresh_token)).status).toBe(200);
  });

  test('with a token that was used before ends the whole session, and no other', async () => {
    const first = await auth.signUp();
    const { body: other } = await auth.send('POST', '/api/auth/login', {
      email: first.email,
      password: 'correct horse',
    });
    const { body: second } = await refresh(first.refresh_token);
    const { body: third } = await refresh(second.refresh_token);
    const reused = await refresh(first.refresh_token);
    expect(reused.status).toBe(401);
    expect(reused.body.type).toBe('invalid-refresh-token');
    expect((await refresh(third.refresh_token)).status).toBe(401);
    expect((await refresh(other.refresh_token)).status).toBe(200);
  });

  test('ten times at once with one token succeeds once and then ends the session', async () => {
    const replica = await auth.startReplica();
    const first = await auth.signUp();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        sendTo(i % 2 === 0 ? auth.url : replica, 'POST', '/api/auth/refresh', {
          refresh_token: first.refresh_token,
        }),
      ),
    );
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(9);
    expect((await refresh(winners[0]?.body.refresh_token)).status).toBe(401);
  });

  test('shows the role that the user has now', async () => {
    const first = await auth.signUp();
    await auth.sql(`update users set role = 'admin' where user_id = $1`, [first.userId]);
    const { body } = await refresh(first.refresh_token);
    const claims = JSON.parse(Buffer.from(body.token.split('.')[1], 'base64url').toString());
    expect(claims.role).toBe('admin');
  });

  test('with an expired or unknown token is refused', async () => {
    const first = await auth.signUp();
    await auth.sql(
      `update refresh_tokens set expires_at = now() - interval '1 second' where session_id in
         (select session_id from sessions where user_id = $1)`,
      [first.userId],
    );
    expect((await refresh(first.refresh_token)).status).toBe(401);
    expect((await refresh('A'.repeat(43))).status).toBe(401);
  });

  test.each([
    undefined,
    null,
    7,
    '',
    'short',
    'x'.repeat(101),
    'a b'.repeat(10),
    "'; drop table users; --",
    {},
  ])('with %j is malformed', async (token) => {
    expect((await refresh(token)).status).toBe(400);
  });
});

describe('logging out', () => {
  test('ends the session, twice as well as once', async () => {
    const first = await auth.signUp();
    expect((await logOut(first.refresh_token, first.token)).status).toBe(204);
    expect((await logOut(first.refresh_token, first.token)).status).toBe(204);
    expect((await refresh(first.refresh_token)).status).toBe(401);
  });

  test('works with any token of the session', async () => {
    const first = await auth.signUp();
    const { body: second } = await refresh(first.refresh_token);
    expect((await logOut(first.refresh_token, first.token)).status).toBe(204);
    expect((await refresh(second.refresh_token)).status).toBe(401);
  });

  test("leaves a stranger's session alone and does not tell", async () => {
    const mine = await auth.signUp();
    const theirs = await auth.signUp();
    expect((await logOut(theirs.refresh_token, mine.token)).status).toBe(204);
    expect((await logOut('A'.repeat(43), mine.token)).status).toBe(204);
    expect((await refresh(theirs.refresh_token)).status).toBe(200);
  });

  test('needs a token', async () => {
    const { refresh_token: token } = await auth.signUp();
    expect((await logOut(token)).status).toBe(401);
    expect((await refresh(token)).status).toBe(200);
  });
});

test('expired sessions are forgotten and live ones are kept', async () => {
  const expired = await auth.signUp();
  const live = await auth.signUp();
  const { body: next } = await refresh(live.refresh_token);
  const sessionsOf = (user: { userId: number }) =>
    auth.sql('select session_id from sessions where user_id = $1', [user.userId]);
  await auth.sql(
    `update refresh_tokens set expires_at = now() - interval '1 second' where session_id in
       (select session_id from sessions where user_id = $1)`,
    [expired.userId],
  );
  await auth.sql(`select graphile_worker.add_job('delete-expired-sessions', '{}')`);
  await expect.poll(() => sessionsOf(expired)).toEqual([]);
  expect(await sessionsOf(live)).toHaveLength(1);
  expect((await refresh(next.refresh_token)).status).toBe(200);
});
