import { setTimeout as sleep } from 'node:timers/promises';
import type { Action, History, Outcome, Told } from '../history.js';
import type { Random } from '../random.js';

/** A request of a client. */
export interface Question {
  readonly action: Action;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Makes it safe to ask again. */
  readonly key?: string;
}

const PATIENCE_MS = 25_000;
const TRIES = 8;
const LONGEST_PAUSE_MS = 2_500;
/** Markers that only one customer's data holds. */
const MARKER = /customer(\d+)\.[a-z0-9]+@chaos\.example/g;

/** The address of a customer, by which its data is known wherever it turns up. */
export const emailOf = (index: number, run: string): string => `customer${index}.${run}@chaos.example`;

/** One customer's browser: asks, writes down what it was told, and asks again as people do. */
export class Client {
  userId = 0;
  private token = '';

  constructor(
    private readonly baseUrl: string,
    readonly email: string,
    private readonly password: string,
    private readonly history: History,
    readonly random: Random,
  ) {}

  async signUp(name: string): Promise<void> {
    const body = { name, email: this.email, password: this.password };
    const { answer, status } = await this.ask({ action: 'other', path: '/api/auth/signup', body });
    if (status !== 201) throw new Error(`A customer could not sign up: ${status} ${JSON.stringify(answer)}`);
    this.userId = answer.userId;
    this.token = answer.token;
  }

  async signIn(): Promise<void> {
    const body = { email: this.email, password: this.password };
    const { answer, outcome } = await this.ask({ action: 'other', path: '/api/auth/login', body });
    if (outcome === 'ok') this.token = answer.token;
  }

  /** Asks once. */
  async ask(question: Question): Promise<Told> {
    const told = await this.request(question);
    if (told.status !== 401 || this.token === '' || question.path.startsWith('/api/auth')) return told;
    await this.signIn();
    return this.request(question);
  }

  /** Asks again, under the same key, until there is an answer that says what happened. */
  async insist(question: Question): Promise<Told> {
    let told = await this.ask(question);
    for (let tries = 1; tries < TRIES && told.outcome === 'unknown'; tries += 1) {
      await sleep(Math.min(LONGEST_PAUSE_MS, 100 * 2 ** tries) * (0.5 + this.random.next()));
      told = await this.ask(question);
    }
    return told;
  }

  private async request({
    action,
    path,
    body,
    key,
    method = body === undefined ? 'GET' : 'POST',
  }: Question): Promise<Told> {
    const askedAt = Date.now();
    const { status, answer, text } = await this.send(method, path, body, key);
    const told: Told = {
      action,
      userId: this.userId,
      path,
      asked: body,
      key,
      askedAt,
      answeredAt: Date.now(),
      outcome: outcomeOf(status, answer),
      status,
      answer,
    };
    this.history.requests += 1;
    if (action !== 'other') this.history.add(told);
    this.lookForLeaks(path, text);
    return told;
  }

  private async send(method: string, path: string, body: unknown, key: string | undefined) {
    const headers = {
      ...(this.token !== '' && { authorization: `Bearer ${this.token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    try {
      const response = await fetch(path.startsWith('http') ? path : this.baseUrl + path, {
        method,
        headers,
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, answer: parsed(text), text };
    } catch {
      // No answer: the line broke, or nobody listened.
      return { status: 0, answer: undefined, text: '' };
    }
  }

  private lookForLeaks(path: string, text: string): void {
    for (const [email] of text.matchAll(MARKER)) {
      if (email !== this.email) this.history.leaks.push(`${this.email} was shown ${email} at ${path}`);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function outcomeOf(status: number, answer: unknown): Outcome {
  if (status >= 200 && status < 300) return 'ok';
  if (status === 0 || status >= 500) return 'unknown';
  const inFlight = status === 409 && (answer as { type?: string })?.type === 'idempotency-key-in-use';
  return inFlight || status === 429 ? 'unknown' : 'refused';
}
