import { beforeEach, describe, expect, it } from 'vitest';
import { AnswerMemory, nameOf } from './answer-memory.js';
import type { ChangeReach } from './flight-change.js';
import type { Concerns } from './kept-answer.js';

const DAY = 20_800;
const NOW = 1_000_000;
const MAX_AGE_MS = 60_000;
const LATER = Infinity;
const ANSWER = Buffer.from('an answer');

describe('answers in memory', () => {
  let memory: AnswerMemory;

  beforeEach(() => {
    memory = new AnswerMemory({ maxAgeMs: MAX_AGE_MS, maxAnswers: 3, maxBytes: 100_000 });
  });

  const keyOf = (query: string, days = [DAY]) => ({ days, query });
  const keep = (query: string, concerns: Concerns = new Set([7]), days = [DAY], departsAtMs = LATER) =>
    memory.keep(keyOf(query, days), ANSWER, concerns, departsAtMs, NOW);
  const found = (query: string, nowMs = NOW, days = [DAY]) => memory.find(nameOf(keyOf(query, days)), nowMs);
  const change = (flightId: number, reach: ChangeReach, day = DAY) =>
    memory.flightsChanged([{ flightId, reach, departureDays: [day] }]);

  it('are found by what they answer and by the letters that asked', () => {
    keep('a');
    memory.spell(nameOf(keyOf('a')), 'source=DEL');
    expect(found('a')).toBe(ANSWER);
    expect(memory.findSpelled('source=DEL', NOW)).toBe(ANSWER);
    expect(memory.findSpelled('source=BLR', NOW)).toBeUndefined();
    expect(memory.hits).toBe(2);
  });

  it('die at their first departure, and at their greatest age, under every spelling', () => {
    keep('soon', new Set([7]), [DAY], NOW + 500);
    keep('late');
    memory.spell(nameOf(keyOf('soon')), 'soon');
    expect(memory.findSpelled('soon', NOW + 499)).toBe(ANSWER);
    expect(memory.findSpelled('soon', NOW + 500)).toBeUndefined();
    expect(found('late', NOW + MAX_AGE_MS - 1)).toBe(ANSWER);
    expect(found('late', NOW + MAX_AGE_MS)).toBeUndefined();
    expect([memory.count, memory.size]).toEqual([0, 0]);
    keep('gone', new Set([7]), [DAY], NOW);
    expect(memory.count).toBe(0);
  });

  it.each<[string, Concerns, number, ChangeReach, number, boolean]>([
    ['a flight in them that loses seats', new Set([7]), 7, 'own', DAY, false],
    ['a flight in them as a later leg', new Set([7]), 7, 'own', DAY + 3, false],
    ['another flight that loses seats', new Set([7]), 8, 'own', DAY, true],
    ['another flight that loses seats, where all count', 'any', 8, 'own', DAY, false],
    ['a flight of another month, where all count', 'any', 8, 'own', DAY + 30, true],
    ['a flight that may come into them', new Set([7]), 8, 'others', DAY + 5, false],
    ['a flight of a day too late for them', new Set([7]), 8, 'others', DAY + 6, true],
    ['a flight whose offer stays the same', new Set([7]), 7, 'none', DAY, true],
  ])('react to %s', (_what, concerns, flightId, reach, day, survives) => {
    keep('a', concerns);
    memory.spell(nameOf(keyOf('a')), 'spelled');
    change(flightId, reach, day);
    expect(found('a') !== undefined).toBe(survives);
    expect(memory.findSpelled('spelled', NOW) !== undefined).toBe(survives);
  });

  it('of several days go with any of them', () => {
    keep('month', new Set([7]), [DAY, DAY + 20]);
    memory.daysChanged(new Set([DAY + 40]));
    expect(found('month', NOW, [DAY, DAY + 20])).toBe(ANSWER);
    memory.daysChanged(new Set([DAY + 21]));
    expect(memory.count).toBe(0);
  });

  it('make room for new ones, the oldest first that nobody wanted, and never take more than they may', () => {
    keep('a');
    keep('b');
    keep('c');
    found('a');
    keep('d');
    expect(['a', 'b', 'c', 'd'].filter((query) => found(query) !== undefined)).toEqual(['a', 'c', 'd']);
    memory.keep(keyOf('large'), Buffer.alloc(97_500), new Set(), LATER, NOW);
    expect(memory.count).toBe(1);
    memory.keep(keyOf('too large'), Buffer.alloc(100_000), new Set(), LATER, NOW);
    expect(found('large')).toBeDefined();
    expect(found('too large')).toBeUndefined();
    expect(memory.size).toBeLessThanOrEqual(100_000);
  });

  it('remember only some spellings of one answer, and none that is very long', () => {
    keep('a');
    const name = nameOf(keyOf('a'));
    for (const spelling of ['1', '2', '3', '4', '4', '5', 'x'.repeat(401)]) memory.spell(name, spelling);
    const known = ['1', '2', '3', '4', '5', 'x'.repeat(401)].map((one) => memory.findSpelled(one, NOW));
    expect(known.map((bytes) => bytes !== undefined)).toEqual([false, true, true, true, true, false]);
  });
});
