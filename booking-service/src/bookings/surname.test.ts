import { describe, expect, it } from 'vitest';
import { isSurnameOf } from './surname.js';

describe('a surname', () => {
  it('is the last word of a name, or the last words', () => {
    expect(isSurnameOf('Sharma', 'Asha Sharma')).toBe(true);
    expect(isSurnameOf('de la Cruz', 'Ana de la Cruz')).toBe(true);
    expect(isSurnameOf('Asha', 'Asha Sharma')).toBe(false);
  });

  it('is compared without regard to case and diacritics', () => {
    expect(isSurnameOf('MULLER', 'Jürgen Müller')).toBe(true);
  });

  it('is never a part of a word', () => {
    expect(isSurnameOf('arma', 'Asha Sharma')).toBe(false);
  });
});
