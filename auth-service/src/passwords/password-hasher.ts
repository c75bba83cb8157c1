import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';

/** What one argon2id hash costs. */
export interface HashCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

const SALT_LENGTH = 16;
const HASH_LENGTH = 32;

/** Hashes passwords with argon2id (RFC 9106). */
export class PasswordHasher {
  /** Stands in for the hash of an account that does not exist, at the same cost; no password matches it. */
  readonly decoy: string;

  constructor(private readonly cost: HashCost) {
    const part = (length: number) => randomBytes(length).toString('base64').replaceAll('=', '');
    this.decoy = `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}$${part(SALT_LENGTH)}$${part(HASH_LENGTH)}`;
  }

  /** The hash in PHC form, with its salt and cost. */
  hash(password: string): Promise<string> {
    const { memoryKib, passes, lanes } = this.cost;
    return hash(normalized(password), { memoryCost: memoryKib, timeCost: passes, parallelism: lanes });
  }

  /** Whether a password is the one hashed. Where there is no hash, ask about the decoy: the answer takes as long. */
  matches(password: string, passwordHash: string): Promise<boolean> {
    return verify(passwordHash, normalized(password));
  }

  /** Whether a hash was made at another cost than new ones are. */
  isOutdated(passwordHash: string): boolean {
    const { memoryCost, timeCost, parallelism } = parseOptions(passwordHash);
    const { memoryKib, passes, lanes } = this.cost;
    return memoryCost !== memoryKib || timeCost !== passes || parallelism !== lanes;
  }
}

/** Keyboards differ in how they compose the same letters (NIST SP 800-63B, section 3.1.1.2). */
const normalized = (password: string): string => password.normalize('NFKC');
