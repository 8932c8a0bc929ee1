/* Days counted by the broker while a form is filled in: nothing here knows a holiday. */
import { useEffect, useState } from 'preact/hooks';
import { ApiError, read } from './api';
import { dueDay, isDayEnd, isoMinute, showDay, showMoment, today } from './dates';
import { now } from './session';
import type { Explained, Task } from './types';
import { t } from './words';

export interface Count { from: string; add?: string; suspended?: string; resumed?: string; calendar?: string }
const SETTLE_MS = 150; // while somebody types

/* null: being counted, or nothing to count. */
export function useCount(count: Count | null): { found: Explained | null; error: ApiError | null } {
  const key = JSON.stringify(count);
  const [state, set] = useState<{ key: string; found: Explained | null; error: ApiError | null }>({ key: '', found: null, error: null });
  useEffect(() => {
    if (!count) return undefined;
    let live = true;
    const timer = setTimeout(() => {
      read<Explained>('calendar_explain', count).then(
        (found) => live && set({ key, found, error: null }),
        (error) => live && error instanceof ApiError && set({ key, found: null, error }),
      );
    }, SETTLE_MS);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [key]);
  return state.key === key ? state : { found: null, error: null };
}

/* What counts a due date as it is written in a form: `10wd`, `16wh`, `2024-06-28T16:30`. */
export function countOf(words: string, calendar?: string): Count | null {
  if (!words) return null;
  const hours = /^\d+wh$/.test(words);
  return { from: hours ? isoMinute(now()) : today(), add: words.slice(0, words.includes('T') ? 10 : undefined), calendar };
}
/* The day, and the minute where there is one, that was counted to. */
export function countedDay(words: string, found: Explained): string {
  if (found.due !== undefined) return showMoment(found.due);
  return showDay(found.day) + (words.includes('T') ? ` ${words.slice(11)}` : '');
}

/* From today to a task's due date, or from that date to today when it has passed. */
export function distance(task: Task): Count | null {
  if (task.due === undefined) return null;
  const day = task.due_day ?? dueDay(task.due);
  return day >= today() ? { from: today(), add: day, calendar: task.calendar } : { from: day, add: today(), calendar: task.calendar };
}
export function distanceWords(day: string, days: number): string {
  if (day === today()) return t('due_today');
  return day > today() ? t('days_left', { n: days }) : t('days_late', { n: days });
}
/* A deadline as `from` of a suspension takes it. */
export const deadlineWords = (due: number): string => (isDayEnd(due) ? dueDay(due) : isoMinute(due));
