import { parseOptions } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { PasswordHasher } from './password-hasher.js';

const hasher = new PasswordHasher({ memoryKib: 64, passes: 3, lanes: 2 });

describe('the hash that stands in for an account that there is not', () => {
  test('costs exactly what a real one costs', async () => {
    const real = await hasher.hash('correct horse');
    expect(parseOptions(hasher.decoy)).toEqual(parseOptions(real));
    const lengthsOf = (hash: string) => hash.split('$').map((part) => part.length);
    expect(lengthsOf(hasher.decoy)).toEqual(lengthsOf(real));
  });

  test('is a hash like a real one, and matches nothing', async () => {
    expect(await hasher.matches('correct horse', hasher.decoy)).toBe(false);
    expect(await hasher.matches('correct horse', await hasher.hash('correct horse'))).toBe(true);
  });

  test('is another one in every process', () => {
    expect(new PasswordHasher({ memoryKib: 64, passes: 3, lanes: 2 }).decoy).not.toBe(hasher.decoy);
  });
});
