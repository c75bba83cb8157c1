/** How long an address that refused a connection is passed over. */
const PASSED_OVER_MS = 1_000;

const REFUSALS: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether no connection came about, so that nothing can have been sent. */
export const isConnectionRefused = (error: unknown): boolean =>
  error instanceof Error &&
  (REFUSALS.has((error as NodeJS.ErrnoException).code) || isConnectionRefused(error.cause));

/**
 * The addresses of the copies of one service, used in turn. One that refused a connection comes last for a moment,
 * so that a copy which is away costs one attempt a second and not every second request.
 */
export class ServiceAddresses {
  private readonly passedOverUntil = new Map<string, number>();
  private turn = 0;

  /** @param all base addresses without a slash at the end; at least one */
  constructor(readonly all: readonly string[]) {}

  /** All of them, in the order in which the next request should try them. */
  inTurn(): readonly string[] {
    if (this.all.length === 1) return this.all;
    this.turn = (this.turn + 1) % this.all.length;
    const turned = [...this.all.slice(this.turn), ...this.all.slice(0, this.turn)];
    if (this.passedOverUntil.size === 0) return turned;
    return [
      ...turned.filter((one) => !this.isPassedOver(one)),
      ...turned.filter((one) => this.isPassedOver(one)),
    ];
  }

  /** The address refused a connection. */
  refused(address: string): void {
    this.passedOverUntil.set(address, Date.now() + PASSED_OVER_MS);
  }

  /**
   * Does something at the first address that lets itself be connected to.
   * @throws what `attempt` throws, unless that was a refused connection and there is another address
   */
  async first<Result>(attempt: (address: string) => Promise<Result>): Promise<Result> {
    let refusal: unknown;
    for (const address of this.inTurn()) {
      try {
        return await attempt(address);
      } catch (error) {
        if (!isConnectionRefused(error)) throw error;
        this.refused(address);
        refusal = error;
      }
    }
    throw refusal;
  }

  private isPassedOver(address: string): boolean {
    const until = this.passedOverUntil.get(address);
    if (until === undefined) return false;
    if (until > Date.now()) return true;
    this.passedOverUntil.delete(address);
    return false;
  }
}
