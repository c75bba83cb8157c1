import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sign } from '../provider/webhook-signature.js';
import { verifySignature } from './signature.js';
import { InvalidSignature, StaleSignature } from './webhook.errors.js';

const NOW = new Date('2027-03-01T12:00:00Z');
const BODY = Buffer.from('{"event_id":"evt_1"}');
const OLD = 'the-secret-of-last-year';
const NEW = 'the-secret-of-this-year';
const secondsFromNow = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

describe('a signature', () => {
  test('is the HMAC-SHA256 of the time, a dot and the bytes', () => {
    const expected = createHmac('sha256', NEW).update(`1803902400.${BODY.toString()}`).digest('hex');
    expect(sign(BODY, NEW, NOW)).toBe(`t=1803902400,v1=${expected}`);
  });

  test('made with either of two live secrets is good, and so is one of two that are sent', () => {
    for (const secret of [OLD, NEW]) verifySignature(BODY, sign(BODY, secret, NOW), [NEW, OLD], NOW);
    const both = `${sign(BODY, 'some-third-secret', NOW)},${sign(BODY, OLD, NOW).split(',')[1]}`;
    verifySignature(BODY, both, [OLD], NOW);
  });

  test('made with a secret that is no longer live is refused', () => {
    expect(() => verifySignature(BODY, sign(BODY, OLD, NOW), [NEW], NOW)).toThrow(InvalidSignature);
  });

  test.each([-300, 300])('is good %i seconds from now', (seconds) => {
    verifySignature(BODY, sign(BODY, NEW, secondsFromNow(seconds)), [NEW], NOW);
  });

  test.each([-301, 301, -86_400])('is stale %i seconds from now', (seconds) => {
    const signature = sign(BODY, NEW, secondsFromNow(seconds));
    expect(() => verifySignature(BODY, signature, [NEW], NOW)).toThrow(StaleSignature);
  });

  test('does not cover another time or another byte', () => {
    const [time, hex] = sign(BODY, NEW, NOW).split(',');
    const later = `t=${Number(time?.slice(2)) + 1},${hex}`;
    expect(() => verifySignature(BODY, later, [NEW], NOW)).toThrow(InvalidSignature);
    const spaced = Buffer.from('{"event_id": "evt_1"}');
    expect(() => verifySignature(spaced, `${time},${hex}`, [NEW], NOW)).toThrow(InvalidSignature);
  });

  const hex = 'a'.repeat(64);
  test.each([
    ['none', undefined],
    ['an empty one', ''],
    ['no time', `v1=${hex}`],
    ['two times', `t=1,t=2,v1=${hex}`],
    ['no signature', 't=1803902400'],
    ['a short one', 't=1803902400,v1=abcd'],
    ['three of them', `t=1803902400${`,v1=${hex}`.repeat(3)}`],
    ['an endless one', `t=1803902400${`,v1=${hex}`.repeat(10_000)}`],
    ['no hex', `t=1803902400,v1=${'z'.repeat(64)}`],
    ['a negative time', `t=-1,v1=${hex}`],
  ])('with %s is refused', (_what, signature) => {
    expect(() => verifySignature(BODY, signature, [NEW], NOW)).toThrow(InvalidSignature);
  });
});
