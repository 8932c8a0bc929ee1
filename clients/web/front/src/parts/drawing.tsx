/* A target's values as a line, to the scale of its days and figures, beside what was planned, what is to be reached, and what is forecast. A value
 * stands where its period ends. The table below it holds the same, for who cannot see it. */
import type { JSX } from 'preact';
import { isAmount, metWords, shortFigure, willWords, withUnit, type Row } from '../course';
import { dueDay, showDayOf, showDue } from '../dates';
import { periodDays, showPeriod } from '../periods';
import { now, offset } from '../session';
import type { Course } from '../types';
import { t } from '../words';

const DAY_MS = 86400000, STEPS = 5;
const APART = 15; // per cent of the width, between two periods that are named
const EDGE = 92; // per cent: what is named there stands left of its place
const FROM_ZERO = 0.6; // what varies less than this part of its greatest is drawn from its own least

interface Point { x: number; y: number }
interface Scale { low: number; high: number; ticks: number[] }

/* Round figures around all of them. */
function scaleOf(figures: number[]): Scale {
  const least = Math.min(...figures), most = Math.max(...figures), from = least >= 0 && least < FROM_ZERO * most ? 0 : least;
  const raw = (most - from || Math.abs(most) || 1) / STEPS, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= raw * 0.9999) as number;
  const first = Math.floor(from / step + 1e-9), last = Math.max(Math.ceil(most / step - 1e-9), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { low: ticks[0], high: ticks[ticks.length - 1], ticks };
}

const valueOf = (row: Row): number | undefined => row.reached ?? row.value;
const planOf = (row: Row, course: Course): number | undefined => (isAmount(course) ? row.together : row.planned);
const endOf = (row: Row): number => Date.parse(periodDays(row.period)[1]);

/* Where all of it lies, in per cent of the plot. */
function layout(course: Course, rows: Row[]) {
  const due = course.due === undefined ? undefined : Date.parse(course.due_day ?? dueDay(course.due)) + DAY_MS;
  const begin = Date.parse(periodDays(rows[0].period)[0]), end = Math.max(endOf(rows[rows.length - 1]), due ?? 0);
  const figures = rows.flatMap((row) => [valueOf(row), planOf(row, course)]), scale = scaleOf([...figures, course.target, course.forecast].filter((one) => one !== undefined) as number[]);
  const x = (day: number): number => (100 * (day - begin)) / (end - begin), y = (figure: number): number => (100 * (figure - scale.low)) / (scale.high - scale.low);
  const points = (of: (row: Row) => number | undefined) => rows.flatMap((row) => { const figure = of(row); return figure === undefined ? [] : [{ x: x(endOf(row)), y: y(figure), row }]; });
  const clock = now() + offset.get() * 60000;
  return { scale, y, ends: rows.map((row) => ({ x: x(endOf(row)), row })), values: points(valueOf), plan: points((row) => planOf(row, course)), due: due === undefined ? undefined : x(due), now: clock < end ? x(clock) : undefined };
}
type Layout = ReturnType<typeof layout>;

const pathOf = (points: Point[]): string => points.map(({ x, y }) => `${x},${100 - y}`).join(' ');
const at = ({ x, y }: Point): JSX.CSSProperties => ({ left: `${x}%`, bottom: `${y}%` });

/* The line of values, in pieces: over a value that is missing it does not go on. */
function piecesOf(rows: Row[], values: Layout['values']): Point[][] {
  const pieces: Point[][] = [[]];
  for (const row of rows) {
    const point = values.find((one) => one.row === row);
    if (point) pieces[pieces.length - 1].push(point);
    else if (row.missing && pieces[pieces.length - 1].length) pieces.push([]);
  }
  return pieces.filter((piece) => piece.length > 1);
}

/* From the newest value to what will be reached by the due date, where that lies ahead. */
function forecastOf(course: Course, drawn: Layout): [Point, Point] | null {
  const from = drawn.values[drawn.values.length - 1];
  if (course.forecast === undefined || drawn.due === undefined || !from || drawn.due <= from.x) return null;
  return [from, { x: drawn.due, y: drawn.y(course.forecast) }];
}

/* Periods are named where there is room: the first, the last, and some between. On a narrow screen those are left out. */
function namedOf({ ends }: Layout): { x: number; words: string; fine: boolean }[] {
  const last = ends[ends.length - 1], named: { x: number; words: string; fine: boolean }[] = [];
  for (const { x, row } of ends)
    if (row === last.row || ((!named.length || x - named[named.length - 1].x >= APART) && last.x - x >= APART)) named.push({ x, words: showPeriod(row.period), fine: named.length > 0 && row !== last.row });
  return named;
}

function rowWords(row: Row, course: Course): string {
  const value = valueOf(row), plan = planOf(row, course);
  return [`${showPeriod(row.period)}: ${value !== undefined ? withUnit(value, course) : t(row.missing ? 'value_is_missing' : row.owed ? 'value_is_owed' : 'value_none')}`,
    plan !== undefined && `${t('planned').toLowerCase()} ${withUnit(plan, course)}`, row.met !== undefined && metWords(row.met).words, corrected(row) && t('value_corrected')].filter(Boolean).join(', ');
}
export const corrected = (row: Row): boolean => row.told.some((record) => record.measured?.was !== undefined);

function summary(course: Course, rows: Row[], forecast: boolean): string {
  const newest = rows.filter((row) => row.value !== undefined).pop();
  return [t('drawn', { from: showPeriod(rows[0].period), to: showPeriod(rows[rows.length - 1].period) }), newest ? rowWords(newest, course) : t('value_none'), course.target !== undefined && `${t('goal')}: ${withUnit(course.target, course)}`,
    forecast && t('forecast_of', { n: withUnit(course.forecast, course), day: showDue(course.due, course.due_day) })].filter(Boolean).join('. ');
}

function Marks({ course, rows, drawn }: { course: Course; rows: Row[]; drawn: Layout }) {
  const forecast = forecastOf(course, drawn);
  return (
    <>
      {drawn.plan.map((point) => <i key={`p${point.row.period}`} class="mark mark-plan" style={at(point)} title={rowWords(point.row, course)} />)}
      {rows.map((row, i) => valueOf(row) === undefined && (row.missing || row.owed) && <i key={`m${row.period}`} class={`mark ${row.missing ? 'mark-missing' : 'mark-owed'}`} style={{ left: `${drawn.ends[i].x}%`, bottom: 0 }} title={rowWords(row, course)} />)}
      {drawn.values.map((point) => <i key={point.row.period} class={`mark mark-value${point.row.met === false ? ' unmet' : ''}${corrected(point.row) ? ' corrected' : ''}`} style={at(point)} title={rowWords(point.row, course)} />)}
      {forecast && <i class="mark mark-forecast" style={at(forecast[1])} title={t('forecast_of', { n: withUnit(course.forecast, course), day: showDue(course.due, course.due_day) })} />}
    </>
  );
}

/* What each mark says, of those that are there. */
function Keys({ course, rows, drawn }: { course: Course; rows: Row[]; drawn: Layout }) {
  const keys: [boolean, string, string][] = [
    [drawn.values.length > 0, 'value', t(isAmount(course) ? 'values_together' : 'value_of_period')], [rows.some((row) => row.met === false), 'value unmet', t('target_unmet')], [rows.some(corrected), 'value corrected', t('value_corrected')],
    [drawn.plan.length > 0, 'plan', t(isAmount(course) ? 'plan_together' : 'planned')], [course.target !== undefined, 'goal', `${t('goal')}: ${withUnit(course.target, course)}`],
    [!!forecastOf(course, drawn), 'forecast', `${t('forecast')}: ${withUnit(course.forecast, course)}${course.will_be_met === undefined ? '' : `, ${willWords(course.will_be_met).words}`}`],
    [rows.some((row) => row.missing && row.value === undefined), 'missing', t('value_is_missing')], [rows.some((row) => row.owed && row.value === undefined && !row.missing), 'owed', t('value_is_owed')],
    [drawn.now !== undefined, 'now', `${t('clock_now')} ${showDayOf(now())}`], [drawn.due !== undefined, 'due', `${t('due')} ${showDue(course.due, course.due_day)}`],
  ];
  return <figcaption>{keys.filter(([is]) => is).map(([, sort, words]) => <span key={sort} class="key"><i class={`mark mark-${sort}`} />{words}</span>)}</figcaption>;
}

export function Drawing({ course, rows }: { course: Course; rows: Row[] }) {
  if (!rows.some((row) => row.planned !== undefined || row.value !== undefined)) return null;
  const drawn = layout(course, rows), forecast = forecastOf(course, drawn);
  return (
    <figure class="course">
      <div class="room">
        <div class="scale" aria-hidden="true">{drawn.scale.ticks.map((tick) => <span key={tick} style={{ bottom: `${drawn.y(tick)}%` }}>{shortFigure(tick)}</span>)}</div>
        <div class="plot" role="img" aria-label={summary(course, rows, !!forecast)}>
          {drawn.scale.ticks.map((tick) => <hr key={tick} style={{ bottom: `${drawn.y(tick)}%` }} />)}
          {drawn.now !== undefined && <hr class="at at-now" style={{ left: `${drawn.now}%` }} />}
          {drawn.due !== undefined && <hr class="at at-due" style={{ left: `${drawn.due}%` }} />}
          {course.target !== undefined && <hr class="goal" style={{ bottom: `${drawn.y(course.target)}%` }} />}
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            <polyline class="line-plan" points={pathOf(drawn.plan)} />
            {piecesOf(rows, drawn.values).map((piece, i) => <polyline key={i} class="line-value" points={pathOf(piece)} />)}
            {forecast && <polyline class="line-forecast" points={pathOf(forecast)} />}
          </svg>
          <Marks course={course} rows={rows} drawn={drawn} />
        </div>
        <div class="days" aria-hidden="true">{namedOf(drawn).map(({ x, words, fine }) => <span key={words} class={fine ? 'fine' : x > EDGE ? 'edge' : ''} style={{ left: `${x}%` }}>{words}</span>)}</div>
      </div>
      <Keys course={course} rows={rows} drawn={drawn} />
    </figure>
  );
}
