/** Numbers for texts, so that a column of texts is a column of numbers; 0 stands for no text. */
export class Labels {
  private readonly texts: string[] = [''];
  private readonly numbers = new Map<string, number>([['', 0]]);

  numberOf(text: string | undefined): number {
    const known = this.numbers.get(text ?? '');
    if (known !== undefined || text === undefined) return known ?? 0;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  textOf(number: number): string | undefined {
    return number === 0 ? undefined : this.texts[number];
  }

  /** A table with a 1 at the number of each of these texts, as far as they have one. */
  setOf(texts: readonly string[]): Uint8Array {
    const set = new Uint8Array(this.texts.length);
    for (const text of texts) {
      const number = this.numbers.get(text);
      if (number !== undefined) set[number] = 1;
    }
    return set;
  }
}
