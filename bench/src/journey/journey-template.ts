import type { ServiceName } from '@flight-booking/local-stack';
import { belongsToJourney, type RecordedStatement } from './recorded-statement.js';

/** A statement of which the values that differ from journey to journey are left open, as `{{name}}`. */
export interface TemplateStatement {
  readonly name?: string;
  readonly text: string;
  /** JSON of the list of values. */
  readonly values?: string;
  /** Variables that the first row of the answer gives, by column. */
  readonly gives?: Readonly<Record<string, string>>;
}

/** Statements that one connection sends one after the other: one alone, or those of a transaction. */
export interface TemplateUnit {
  readonly service: ServiceName;
  readonly statements: readonly TemplateStatement[];
}

/** What a journey has PostgreSQL do. */
export interface JourneyTemplate {
  /** Milliseconds since 1970, to which the instants in the values belong. */
  readonly recordedAt: number;
  readonly units: readonly TemplateUnit[];
}

/** What is known beforehand to differ: the name of each variable, and its value in the recording. */
export type KnownValues = Readonly<Record<string, string | number>>;

/** Identity columns count from here while a journey is recorded, so no id can be taken for another number. */
export const FIRST_RECORDED_ID = 1_000_000;
const MADE_ID = /^(?:evt|ch|re)_[0-9a-f]{32}$/;
/** Random ones that a service makes: UUIDs, and trace ids, which are as long. */
const RANDOM = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b/g;

/** Turns a recorded journey into one that can be repeated with other ids. */
export function templateOf(
  recorded: readonly RecordedStatement[],
  known: KnownValues,
  recordedAt: number,
): JourneyTemplate {
  const statements = recorded.filter(belongsToJourney).toSorted((a, b) => a.startedAt - b.startedAt);
  const variables = new Variables(known);
  const opened = statements.map((statement) => ({ ...statement, template: variables.open(statement) }));
  return { recordedAt, units: unitsOf(opened) };
}

/** Names of values that differ from journey to journey. */
class Variables {
  private readonly nameOf = new Map<string, string>();

  constructor(known: KnownValues) {
    for (const [name, value] of Object.entries(known)) this.nameOf.set(String(value), name);
  }

  open({ name, text, values, rows }: RecordedStatement): TemplateStatement {
    const opened = values === undefined ? undefined : this.openText(JSON.stringify(values));
    const gives = this.given(rows?.[0] ?? {});
    return {
      ...(name !== undefined && { name }),
      text,
      ...(opened !== undefined && opened !== '[]' && { values: opened }),
      ...(Object.keys(gives).length > 0 && { gives }),
    };
  }

  private openText(json: string): string {
    for (const [random] of json.matchAll(RANDOM))
      if (!this.isPartOfKnown(random)) this.nameOf.set(random, `random${this.nameOf.size}`);
    let text = json;
    for (const [value, name] of this.nameOf)
      text = text.replaceAll(new RegExp(`(?<![\\w-])${value}(?![\\w-])`, 'g'), `{{${name}}}`);
    return text;
  }

  private isPartOfKnown(text: string): boolean {
    return [...this.nameOf.keys()].some((value) => value.includes(text));
  }

  private given(row: Readonly<Record<string, unknown>>): Record<string, string> {
    const gives: Record<string, string> = {};
    for (const [column, value] of Object.entries(row)) {
      const isId = typeof value === 'number' && value >= FIRST_RECORDED_ID && Number.isInteger(value);
      if (!isId && !(typeof value === 'string' && MADE_ID.test(value))) continue;
      if (/paise|Paise|version|Ms$/.test(column) || this.nameOf.has(String(value))) continue;
      const name = `${column}${this.nameOf.size}`;
      this.nameOf.set(String(value), name);
      gives[column] = name;
    }
    return gives;
  }
}

type OpenedStatement = RecordedStatement & { readonly template: TemplateStatement };

function unitsOf(statements: readonly OpenedStatement[]): TemplateUnit[] {
  const units: TemplateUnit[] = [];
  const begun = new Map<string, TemplateStatement[]>();
  for (const { service, session, text, template } of statements) {
    const connection = `${service}/${session}`;
    const transaction = begun.get(connection);
    if (transaction !== undefined) transaction.push(template);
    else {
      const unit = [template];
      units.push({ service, statements: unit });
      if (text === 'begin') begun.set(connection, unit);
    }
    if (text === 'commit' || text === 'rollback') begun.delete(connection);
  }
  return units;
}
