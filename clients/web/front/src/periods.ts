/* The periods of a target's indicator: of which a report may be, as the broker takes them, and what they are called. */
import { MONTHS, today } from './dates';
import type { Task } from './types';
import { inVietnamese, t } from './words';

const FORM = /^(\d{4})(?:-(?:W(\d\d)|Q(\d)|H(\d)|(\d\d)))?$/;
const iso = (day: Date): string => day.toISOString().slice(0, 10);

/* The first day of `2024-W23`, `2024-06`, `2024-Q2`, `2024-H1` or `2024`, and the first day after it; '' and '' of a name of another form. */
export function periodDays(period: string): [string, string] {
  const [, year, week, quarter, half, month] = FORM.exec(period) ?? [];
  if (!year) return ['', ''];
  const [from, months] = quarter ? [(Number(quarter) - 1) * 3, 3] : half ? [(Number(half) - 1) * 6, 6] : month ? [Number(month) - 1, 1] : [0, 12];
  if (!week) return [iso(new Date(Date.UTC(Number(year), from, 1))), iso(new Date(Date.UTC(Number(year), from + months, 1)))];
  const day = new Date(Date.UTC(Number(year), 0, 4)); // which lies in the first week
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7) + 7 * (Number(week) - 1));
  const begin = iso(day);
  day.setUTCDate(day.getUTCDate() + 7);
  return [begin, iso(day)];
}
export const periodBegin = (period: string): string => periodDays(period)[0];

/* As people here call it: `06/2024`, `quý II/2024`. */
export function showPeriod(period: string | undefined): string {
  const [, year, week, quarter, half, month] = FORM.exec(period ?? '') ?? [];
  if (!year) return period ?? '';
  if (month) return inVietnamese() ? `${month}/${year}` : `${MONTHS[Number(month) - 1]} ${year}`;
  if (week) return t('period_week', { n: Number(week), year });
  if (quarter) return t('period_quarter', { n: inVietnamese() ? ['I', 'II', 'III', 'IV'][Number(quarter) - 1] : quarter, year });
  return half ? t(half === '1' ? 'period_first_half' : 'period_second_half', { year }) : t('period_year', { year });
}

/* Whose value is missing, or else is owed and has begun. */
const waited = (task: Task): string | undefined => task.value_missing ?? (task.value_owed && periodBegin(task.value_owed) <= today() ? task.value_owed : undefined);
const valueOf = (task: Task, period: string): number | undefined => task.values?.find((one) => one.period === period)?.value;

/* Of a task or of how a target stands: which periods are over and have no value; nothing where each has. An older broker names the newest alone. */
interface Lacking { value_missing?: string; values_missing?: string[]; values_missing_more?: number }
export const lacking = (of: Lacking): string[] => of.values_missing ?? (of.value_missing ? [of.value_missing] : []);
export function lackingWords(of: Lacking): string {
  const all = lacking(of), more = of.values_missing_more;
  if (all.length < 2) return all.length ? t('value_missing', { period: showPeriod(all[0]) }) : '';
  return t('values_missing', { periods: all.map(showPeriod).join(', ') + (more ? t('and_before', { n: more }) : '') });
}

/* What is waited for comes first; then, the newest before, what lies behind it: a value to correct, or one that was planned and never came. */
export function periodsOf(task: Task): string[] {
  const first = waited(task), last = first ? periodBegin(first) : today();
  const behind = [...[...(task.values ?? []), ...(task.plan ?? [])].map((one) => one.period), ...lacking(task)].filter((one) => one !== first && periodBegin(one) <= last);
  return [...(first ? [first] : []), ...[...new Set(behind)].sort((a, b) => periodBegin(b).localeCompare(periodBegin(a)))];
}

/* A figure as people read it, its minus the sign and no hyphen. */
export const figureIn = (figure: number, form: Intl.NumberFormatOptions): string => (figure || 0).toLocaleString(inVietnamese() ? 'vi-VN' : 'en-GB', form).replace('-', '−');
/* `1.250,75`, `−0,9`, as people here write it: figures have three decimals at most. */
export const showFigure = (figure: number): string => figureIn(figure, { maximumFractionDigits: 3 });

/* `06/2024 · thiếu số liệu`: how a period stands, where one is chosen. */
export function periodWords(task: Task, period: string): string {
  const value = valueOf(task, period);
  return `${showPeriod(period)} · ${value !== undefined ? t('value_now', { n: showFigure(value) }) : t(lacking(task).includes(period) ? 'value_is_missing' : period === task.value_owed ? 'value_is_owed' : 'value_none')}`;
}
