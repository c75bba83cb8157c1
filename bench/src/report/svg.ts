import { figure } from './markdown.js';
import type { Goal, Result } from './result.js';

const WIDTH = 860;
const ROW = 26;
const TOP = 44;
const BAR_AT = 470;
const BAR_WIDTH = 260;
const GOAL_AT = 0.5;
/** A bar is full at twice its goal. */
const FULL = 1;

/** Every goal as a bar that begins at nothing, with a line where the goal is; longer is always better. */
export function svgOf(results: readonly Result[]): string {
  const goals = results.flatMap(({ path, goals }) => goals.map((goal) => ({ path, goal })));
  const height = TOP + goals.length * ROW + 16;
  const goalX = BAR_AT + BAR_WIDTH * GOAL_AT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="16" y="24" font-size="15">Goals of the benchmark: the line is the goal, longer is better</text>`,
    ...goals.map(({ path, goal }, index) => barOf(path, goal, TOP + index * ROW)),
    `<line x1="${goalX}" y1="${TOP - 6}" x2="${goalX}" y2="${height - 12}" stroke="#222222"/>`,
    '</svg>',
    '',
  ].join('\n');
}

function barOf(path: string, goal: Goal, y: number): string {
  const length = Math.max(2, Math.min(FULL, reachOf(goal) * GOAL_AT) * BAR_WIDTH);
  const colour = goal.isMet ? '#2e7d5b' : '#c0392b';
  const label = escaped(path.length > 84 ? `${path.slice(0, 83)}…` : path);
  return [
    `<text x="16" y="${y + 12}">${label}</text>`,
    `<rect x="${BAR_AT}" y="${y}" width="${length.toFixed(1)}" height="16" fill="${colour}"/>`,
    `<text x="${BAR_AT + BAR_WIDTH + 8}" y="${y + 12}">${escaped(`${figure(goal.measured)} (${goal.text})`)}</text>`,
  ].join('\n');
}

/** How far a goal is reached: 1 is just so, above is better. */
function reachOf({ text, measured }: Goal): number {
  const [, comparison, limit] = /([≥<]) ([\d.]+)$/.exec(text) ?? [];
  const value =
    comparison === '≥' ? measured / Number(limit) : Number(limit) / Math.max(measured, Number.EPSILON);
  return Number.isFinite(value) ? value : 0;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
