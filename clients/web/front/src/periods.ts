/* The periods of a target's indicator: of which a report may be, as the broker takes them, and what they are called. */
import { today } from './dates';
import type { Task } from './types';
import { inVietnamese, t } from './words';

/* The first day of `2024-W23`, `2024-06`, `2024-Q2`, `2024-H1` or `2024`; '' of a name of another form. */
export function periodBegin(period: string): string {
  const [, year, week, quarter, half, month] = /^(\d{4})(?:-(?:W(\d\d)|Q(\d)|H(\d)|(\d\d)))?$/.exec(period) ?? [];
  if (!year) return '';
  const months = quarter ? (Number(quarter) - 1) * 3 : half ? (Number(half) - 1) * 6 : month ? Number(month) - 1 : 0;
  const day = new Date(Date.UTC(Number(year), months, week ? 4 : 1)); // the fourth of January lies in the first week
  if (week) day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7) + 7 * (Number(week) - 1));
  return day.toISOString().slice(0, 10);
}

/* Whose value is missing, or else is owed and has begun. */
const waited = (task: Task): string | undefined => task.value_missing ?? (task.value_owed && periodBegin(task.value_owed) <= today() ? task.value_owed : undefined);
const valueOf = (task: Task, period: string): number | undefined => task.values?.find((one) => one.period === period)?.value;

/* What is waited for comes first; then, the newest before, what lies behind it: a value to correct, or one that was planned and never came. */
export function periodsOf(task: Task): string[] {
  const first = waited(task), last = first ? periodBegin(first) : today();
  const behind = [...(task.values ?? []), ...(task.plan ?? [])].map((one) => one.period).filter((one) => one !== first && periodBegin(one) <= last);
  return [...(first ? [first] : []), ...[...new Set(behind)].sort((a, b) => periodBegin(b).localeCompare(periodBegin(a)))];
}

/* `7,75`, as people here write it. */
export const showFigure = (figure: number): string => (inVietnamese() ? String(figure).replace('.', ',') : String(figure));

/* `2024-W24 · thiếu số liệu`: how a period stands, where one is chosen. */
export function periodWords(task: Task, period: string): string {
  const value = valueOf(task, period);
  return `${period} · ${value !== undefined ? t('value_now', { n: showFigure(value) }) : t(period === task.value_missing ? 'value_is_missing' : period === task.value_owed ? 'value_is_owed' : 'value_none')}`;
}
