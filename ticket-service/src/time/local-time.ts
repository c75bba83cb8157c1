/** Where the platform keeps its books: financial years and issue dates follow this zone. */
export const INDIA_TIME_ZONE = 'Asia/Kolkata';

/** An instant as the clocks of one zone show it. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 1 to 366. */
  readonly dayOfYear: number;
  /** `HH:MM`, 24 hours. */
  readonly clock: string;
  /** What the zone calls itself in English, such as `IST` or `GMT+4`. */
  readonly zoneName: string;
}

const MS_PER_DAY = 86_400_000;

/** Building a formatter costs a hundred times what using it does, and a document uses few zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-IN', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** Reads an instant off the clocks of an IANA zone. */
export function localTime(instant: Date, timeZone: string): LocalTime {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  );
  const year = Number(parts.get('year'));
  const month = Number(parts.get('month'));
  const day = Number(parts.get('day'));
  return {
    year,
    month,
    day,
    dayOfYear: (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / MS_PER_DAY + 1,
    clock: `${parts.get('hour')}:${parts.get('minute')}`,
    zoneName: parts.get('timeZoneName') ?? timeZone,
  };
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12 Mar 2027`. */
export const formatDate = (time: LocalTime): string => `${time.day} ${MONTHS[time.month - 1]} ${time.year}`;

/** `Fri, 12 Mar 2027`. */
export const formatWeekdayDate = (time: LocalTime): string =>
  `${WEEKDAYS[new Date(Date.UTC(time.year, time.month - 1, time.day)).getUTCDay()]}, ${formatDate(time)}`;
