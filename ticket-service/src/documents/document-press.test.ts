import { WorkSlots } from '@flight-booking/platform';
import { expect, it } from 'vitest';
import { TooManyDocuments } from './document.errors.js';
import { DocumentPress } from './document-press.js';

const pressOf = (queue: number, bytes = 1_000) =>
  new DocumentPress(new WorkSlots({ slots: 1, queue, refusal: () => new TooManyDocuments() }), bytes);

/** Drawings that end when the test says so. */
class Drawings {
  readonly begun: string[] = [];
  readonly signals = new Map<string, AbortSignal>();
  private readonly finishes = new Map<string, () => void>();

  draw = (name: string) => async (signal: AbortSignal) => {
    this.begun.push(name);
    this.signals.set(name, signal);
    await new Promise<void>((resolve) => this.finishes.set(name, resolve));
    signal.throwIfAborted();
    return Buffer.from(name.padEnd(400));
  };

  async finish(name: string): Promise<void> {
    await expect.poll(() => this.finishes.has(name)).toBe(true);
    this.finishes.get(name)?.();
  }
}

const staying = () => new AbortController().signal;

it('draws a document once for all who ask for it meanwhile, and not again as long as it is kept', async () => {
  const [press, drawings] = [pressOf(1), new Drawings()];
  const asked = Array.from({ length: 40 }, () => press.print('a', drawings.draw('a'), staying()));
  await drawings.finish('a');
  expect(new Set((await Promise.all(asked)).map(String)).size).toBe(1);
  expect(String(await press.print('a', drawings.draw('a'), staying())).trim()).toBe('a');
  expect(drawings.begun).toEqual(['a']);
});

it('draws one at a time, lets a few wait, and refuses more than that', async () => {
  const [press, drawings] = [pressOf(1), new Drawings()];
  const [first, second] = ['a', 'b'].map((name) => press.print(name, drawings.draw(name), staying()));
  const refused = await press.print('c', drawings.draw('c'), staying()).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(TooManyDocuments);
  expect((refused as TooManyDocuments).headers).toEqual({ 'retry-after': '3' });
  expect(drawings.begun).toEqual(['a']);
  await drawings.finish('a');
  await drawings.finish('b');
  await Promise.all([first, second]);
  const later = press.print('c', drawings.draw('c'), staying());
  await drawings.finish('c');
  expect(String(await later).trim()).toBe('c');
});

it('keeps no more bytes than it may, and what was asked for last', async () => {
  const [press, drawings] = [pressOf(5), new Drawings()];
  const print = async (name: string) => {
    const printed = press.print(name, drawings.draw(name), staying());
    await drawings.finish(name);
    await printed;
  };
  await print('a');
  await print('b');
  await press.print('a', drawings.draw('a'), staying());
  await print('c');
  await press.print('a', drawings.draw('a'), staying());
  await print('b');
  expect(drawings.begun).toEqual(['a', 'b', 'c', 'b']);
});

it('stops when the last reader has gone, and draws anew for whoever asks afterwards', async () => {
  const [press, drawings] = [pressOf(5), new Drawings()];
  const [one, other, queued] = [new AbortController(), new AbortController(), new AbortController()];
  const asked = [one, other].map(({ signal }) => press.print('a', drawings.draw('a'), signal));
  const waiting = press.print('b', drawings.draw('b'), queued.signal);
  const ends = Promise.allSettled([...asked, waiting]);
  await expect.poll(() => drawings.begun).toEqual(['a']);
  one.abort();
  expect(drawings.signals.get('a')?.aborted).toBe(false);
  other.abort();
  queued.abort();
  expect(drawings.signals.get('a')?.aborted).toBe(true);
  await drawings.finish('a');
  expect((await ends).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
  const anew = press.print('a', drawings.draw('a'), staying());
  await expect.poll(() => drawings.begun).toEqual(['a', 'a']);
  await drawings.finish('a');
  expect(String(await anew).trim()).toBe('a');
});

it('a drawing that fails is not kept', async () => {
  const press = pressOf(5);
  const failing = press.print('a', async () => Promise.reject(new Error('no ink')), staying());
  await expect(failing).rejects.toThrow('no ink');
  expect(String(await press.print('a', async () => Buffer.from('a'), staying()))).toBe('a');
});
