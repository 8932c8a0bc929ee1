/* The course of a target: how it stands, in words, and its periods with what was reported of each, and corrected. */
import { read } from './api';
import { showDue } from './dates';
import { figureIn, lacking, periodBegin, showFigure, showPeriod } from './periods';
import type { Course, CoursePeriod, Rec, TaskReply } from './types';
import { t } from './words';

/* `told`: the reports of the period, the newest first; those with `was` corrected it. Of amounts `together` is what was planned up to here. */
export interface Row extends CoursePeriod { together?: number; owed?: boolean; told: Rec[] }
export interface Followed { course: Course; rows: Row[]; may: string[] }

const HISTORY_PAGE = 1000;

export const isAmount = (course: Course): boolean => course.counting === 'amount';
/* As `behind` of `target_list` has it. */
export const isBehind = (course: Course): boolean => course.met === false || course.will_be_met === false || course.value_missing !== undefined;

/* Every report of a value, the newest first. */
async function readReports(task: number): Promise<Rec[]> {
  const reports: Rec[] = [];
  for (let before: number | undefined; ;) {
    const page: { records: Rec[]; next?: number } = await read('task_history', { task, limit: HISTORY_PAGE, ...(before !== undefined ? { before } : {}) });
    reports.push(...page.records.filter((record) => record.measured));
    if (page.next === undefined) return reports;
    before = page.next;
  }
}

/* The periods that the broker has, and those that it waits for though nothing was planned of them. */
function rowsOf(course: Course, series: CoursePeriod[], reports: Rec[]): Row[] {
  const waited = [...lacking(course), course.value_owed].filter((one) => one && !series.some(({ period }) => period === one)) as string[];
  const rows: Row[] = [...series, ...waited.map((period): CoursePeriod => ({ period }))].map((row) => ({
    ...row, told: reports.filter(({ measured }) => measured?.period === row.period), owed: row.period === course.value_owed, missing: row.missing || lacking(course).includes(row.period) }));
  rows.sort((a, b) => periodBegin(a.period).localeCompare(periodBegin(b.period)));
  if (isAmount(course)) {
    let together = 0;
    for (const row of rows) if (row.planned !== undefined) row.together = together += row.planned;
  }
  return rows;
}

export async function readCourse(task: number): Promise<Followed> {
  const [{ target, series }, { may }, reports] = await Promise.all([read<{ target: Course; series?: CoursePeriod[] }>('target_get', { task }), read<TaskReply>('task_get', { task }), readReports(task)]);
  return { course: target, rows: rowsOf(target, series ?? [], reports), may: may ?? [] };
}

/* ---- in words ---- */

export const withUnit = (figure: number | undefined, course: Course): string => (figure === undefined ? '—' : `${showFigure(figure)}${course.unit ? ` ${course.unit}` : ''}`);
/* `+0,5`, `−1,25` */
export const signed = (figure: number): string => (figure > 0 ? '+' : '') + showFigure(figure);

/* Of the newest value, and of the forecast: which mark it bears, and what that says. */
export const metWords = (met: boolean): { sort: string; words: string } => (met ? { sort: 'good', words: t('target_met') } : { sort: 'overdue', words: t('target_unmet') });
export const willWords = (will: boolean): { sort: string; words: string } => (will ? { sort: 'good', words: t('target_will') } : { sort: 'overdue', words: t('target_will_not') });

/* By when the value of a period that has none is due. */
export const owedWords = (course: Course): string => t('value_owed', { period: showPeriod(course.value_owed), day: showDue(course.report_due) });
/* `càng thấp càng tốt, tỷ lệ trên 100, hằng tháng` and the like */
export function indicatorWords(course: Course): string {
  return [course.better === 'less' ? t('better_less') : course.better === 'more' ? t('better_more') : '', course.per ? t('rate_per', { n: showFigure(course.per) }) : isAmount(course) ? t('counting_amount') : ''].filter(Boolean).join(', ');
}

/* A figure on an axis, where there is little room. */
export const shortFigure = (figure: number): string =>
  Math.abs(figure) < 1e6 ? showFigure(figure) : figureIn(figure, { notation: 'compact', maximumFractionDigits: 2 });
