/* Days and moments as people here write them, in the time of the calendar that counts them, whatever the browser's zone. */
import { now, offset } from './session';
import { inVietnamese } from './words';

const MINUTE_MS = 60000, DAY_MS = 86400000;
const WEEKDAYS = [['Chủ Nhật', 'Sun'], ['Thứ Hai', 'Mon'], ['Thứ Ba', 'Tue'], ['Thứ Tư', 'Wed'], ['Thứ Năm', 'Thu'], ['Thứ Sáu', 'Fri'], ['Thứ Bảy', 'Sat']];
export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');
const shifted = (ms: number): Date => new Date(ms + offset.get() * MINUTE_MS);

/* `2024-06-28`, of a moment. */
export const isoDay = (ms: number): string => shifted(ms).toISOString().slice(0, 10);
export const isoMinute = (ms: number): string => shifted(ms).toISOString().slice(0, 16);
export const today = (): string => isoDay(now());
export const startOf = (day: string): number => Date.parse(day + 'T00:00:00Z') - offset.get() * MINUTE_MS;

export function showDay(day: string | undefined): string {
  if (!day) return '';
  const [y, m, d] = day.split('-');
  return inVietnamese() ? `${d}/${m}/${y}` : `${Number(d)} ${MONTHS[Number(m) - 1]} ${y}`;
}
export function showLongDay(day: string): string {
  const weekday = WEEKDAYS[new Date(day + 'T00:00:00Z').getUTCDay()][inVietnamese() ? 0 : 1];
  return `${weekday}, ${showDay(day)}`;
}
export const showTime = (ms: number): string => `${two(shifted(ms).getUTCHours())}:${two(shifted(ms).getUTCMinutes())}`;
export const showMoment = (ms: number): string => `${showDay(isoDay(ms))} ${showTime(ms)}`;
export const showDayOf = (ms: number | undefined): string => (ms === undefined ? '' : showDay(isoDay(ms)));

/* A deadline: its last day, and the minute where it is not the day's end. `due` is the first instant that is too late. */
export function showDue(due: number | undefined, day?: string): string {
  if (due === undefined) return '';
  const last = day ?? isoDay(due - 1);
  return startOf(last) + DAY_MS === due ? showDay(last) : `${showDay(last)} ${showTime(due)}`;
}
export const dueDay = (due: number): string => isoDay(due - 1);
export const isDayEnd = (due: number): boolean => startOf(isoDay(due)) === due;
