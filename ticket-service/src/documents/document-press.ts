import type { WorkSlots } from '@flight-booking/platform';

/** Draws a document; stops when the signal says that nobody waits for it any more. */
export type Draw = (signal: AbortSignal) => Promise<Buffer>;

/** A document that is being drawn, or waits for that. */
interface Printing {
  readonly bytes: Promise<Buffer>;
  readonly nobodyWaits: AbortController;
  readers: number;
}

/**
 * Draws documents, a few at a time, for drawing takes the processor from everything else that the process does. Whoever
 * asks for one that is being drawn waits for the same drawing, and what was drawn lately is kept: documents do not change.
 */
export class DocumentPress {
  /** In the order of their last use, the oldest first. */
  private readonly kept = new Map<string, Buffer>();
  private keptBytes = 0;
  private readonly printings = new Map<string, Printing>();

  constructor(
    private readonly slots: WorkSlots,
    private readonly mostBytes: number,
  ) {}

  /**
   * The bytes of a document.
   * @param name tells the document and the state that it shows from every other
   * @param gone when the reader hangs up
   * @throws TooManyDocuments when too many wait already
   */
  async print(name: string, draw: Draw, gone: AbortSignal): Promise<Buffer> {
    gone.throwIfAborted();
    const kept = this.kept.get(name);
    if (kept !== undefined) {
      this.keep(name, kept);
      return kept;
    }
    const printing = this.printings.get(name) ?? this.begin(name, draw);
    const leave = () => this.leave(name, printing);
    printing.readers += 1;
    gone.addEventListener('abort', leave, { once: true });
    try {
      return await printing.bytes;
    } finally {
      gone.removeEventListener('abort', leave);
    }
  }

  private begin(name: string, draw: Draw): Printing {
    const nobodyWaits = new AbortController();
    const { signal } = nobodyWaits;
    const printing = { bytes: this.draw(name, draw, signal), nobodyWaits, readers: 0 };
    this.printings.set(name, printing);
    return printing;
  }

  private async draw(name: string, draw: Draw, signal: AbortSignal): Promise<Buffer> {
    try {
      const bytes = await this.slots.run(() => draw(signal), signal);
      this.keep(name, bytes);
      return bytes;
    } finally {
      // One that nobody waited for has been forgotten, and another may have begun since.
      if (!signal.aborted) this.printings.delete(name);
    }
  }

  private leave(name: string, printing: Printing): void {
    printing.readers -= 1;
    if (printing.readers > 0) return;
    this.printings.delete(name);
    printing.nobodyWaits.abort();
  }

  private keep(name: string, bytes: Buffer): void {
    this.forget(name);
    this.kept.set(name, bytes);
    this.keptBytes += bytes.length;
    for (const oldest of this.kept.keys()) {
      if (this.keptBytes <= this.mostBytes) break;
      this.forget(oldest);
    }
  }

  private forget(name: string): void {
    this.keptBytes -= this.kept.get(name)?.length ?? 0;
    this.kept.delete(name);
  }
}
