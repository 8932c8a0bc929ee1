/* Who is signed in, which agencies there are, and what the broker's clock says: what every page needs. */
import { ask, read, readAll } from './api';
import { early } from './early';
import { store } from './store';
import type { Agency, Me } from './types';

export const me = store<Me | null>(null);
export const agencies = store<Map<string, Agency>>(new Map());
/* The agencies that this one stands in for now. */
export const stoodFor = store<string[]>([]);
/* Minutes east of UTC of the calendar that counts the days: pages show its time, not the browser's. */
export const offset = store(420);
/* How long a working day of that calendar is, on average, in milliseconds of working time; 0: not known. */
export const dayLength = store(0);
/* Whether every change may be tried. One that may not would be done. */
export const tries = store(false);
/* In whose names it may ask: its own comes first. */
export const ours = (): string[] => [me.get()?.agency ?? '', ...stoodFor.get()];
let clockAhead = 0; // of the broker's clock before this machine's: a rehearsal's is another altogether

export const now = (): number => Date.now() + clockAhead;
export function sawTime(time?: number): void {
  if (time) clockAhead = time - Date.now();
}

function take(answer: Me): void {
  sawTime(answer.broker?.time);
  me.set(answer);
}

export async function whoAmI(): Promise<void> {
  take(await ask<Me>('GET', '/api/me'));
}
export async function signIn(fields: object): Promise<void> {
  early.clear(); // what was asked before is not this person's
  take(await ask<Me>('POST', '/api/sign-in', JSON.stringify(fields), { 'Content-Type': 'application/json' }));
}
export async function signOut(): Promise<void> {
  await ask('POST', '/api/sign-out', '{}', { 'Content-Type': 'application/json' });
  me.set(null);
  agencies.set(new Map());
  stoodFor.set([]);
}

/* What changes seldom; read when a session begins, and again when an agency is not known. */
let house: Promise<void> | null = null;
export function readHouse(): Promise<void> {
  house ??= readRooms().finally(() => { house = null; });
  return house;
}

export async function readHello(): Promise<{ time: number; dry_runs?: boolean; stands_in_for?: string[] }> {
  const hello = await read<{ time: number; dry_runs?: boolean; stands_in_for?: string[] }>('hello'), names = hello.stands_in_for ?? [];
  if (names.join() !== stoodFor.get().join()) stoodFor.set(names);
  return hello;
}

async function readRooms(): Promise<void> {
  const [list, calendars, hello] = await Promise.all([
    readAll<Agency>('agency_list', 'agencies', {}),
    read<{ calendars: { utc_offset: number; hours: { weekday: number; open: number; close: number }[] }[] }>('calendar_list', { name: 'default' }),
    readHello(),
  ]);
  agencies.set(new Map(list.items.map((agency) => [agency.agency, agency])));
  const calendar = calendars.calendars[0];
  if (calendar) {
    offset.set(calendar.utc_offset);
    dayLength.set((calendar.hours.reduce((sum, one) => sum + one.close - one.open, 0) / new Set(calendar.hours.map((one) => one.weekday)).size) * 60000);
  }
  sawTime(hello.time);
  tries.set(!!hello.dry_runs);
}

export const mayAct = (): boolean => !!me.get()?.rights.includes('act');
