import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RedisClient } from './redis-store.js';

/** A Lua script, sent by its hash and, where the server does not know it yet, by its text. */
export class RedisScript<Result> {
  private readonly sha: string;

  constructor(private readonly text: string) {
    this.sha = createHash('sha1').update(text).digest('hex');
  }

  /** A script that lies in a file. */
  static fromFile<Result>(url: URL): RedisScript<Result> {
    return new RedisScript<Result>(readFileSync(url, 'utf8'));
  }

  /** Runs atomically. On a cluster all keys must share a hash tag. */
  async run(
    client: RedisClient,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<Result> {
    const call = { keys: [...keys], arguments: values.map(String) };
    try {
      return (await client.evalSha(this.sha, call)) as Result;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await client.eval(this.text, call)) as Result;
    }
  }
}
