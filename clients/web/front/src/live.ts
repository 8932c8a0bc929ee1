/* The live connection: Server-Sent Events of the broker's notifications. `link` is what the banner shows; `tick` grows when
 * something has happened that a page may show, and when the connection is there again. A page that nobody looks at lets go of
 * its stream: a browser has few connections to a server, and the pages of one session share them. */
import { ask } from './api';
import { sawTime, whoAmI } from './session';
import { store } from './store';
import type { Rec } from './types';

export type Link = 'connecting' | 'connected' | 'broker_lost' | 'server_lost';
export const link = store<Link>('connecting');
export const tick = store(0);
/* Grows also when something was done of which this agency is not told: numbers may be others. */
export const moved = store(0);
export const latest = store<Rec | null>(null);

const SILENCE_MS = 30000; // then the server is asked whether it is there
const LOOK_MS = 5000;
const GATHER_MS = 150, PAUSE_MS = 400; // what comes together is shown together, and a flood a few times in a second
const HIDDEN_MS = 60000;
let source: EventSource | null = null, wanted = false;
let place = ''; // the id of the newest event: where the next stream goes on
let heard = 0, shown = 0, timer = 0, watchdog = 0, retry = 0, hiding = 0;

/* Something has happened: what is shown is read again, soon. */
export function changed(): void {
  if (!timer)
    timer = window.setTimeout(() => {
      timer = 0;
      shown = Date.now();
      tick.set(tick.get() + 1);
    }, Math.max(GATHER_MS, shown + PAUSE_MS - Date.now()));
}

function setLink(next: Link): void {
  const before = link.get();
  link.set(next);
  if (next !== 'connected' || before === 'connected' || before === 'connecting') return;
  changed();
  if (before === 'server_lost') void whoAmI().catch(() => undefined); // a stream also ends when the account is another agency's
}

function lost(): void {
  setLink('server_lost');
  if (source?.readyState === EventSource.CLOSED && !retry)
    retry = window.setTimeout(() => {
      retry = 0;
      if (wanted) begin();
    }, 2000);
}

function take(event: Event): any {
  const { data, lastEventId } = event as MessageEvent<string>;
  heard = Date.now();
  if (lastEventId) place = lastEventId;
  return JSON.parse(data || '{}');
}

function begin(): void {
  source?.close();
  source = new EventSource('/api/events' + (place ? `?after=${encodeURIComponent(place)}` : ''));
  heard = Date.now();
  source.addEventListener('state', (event) => setLink(take(event).state === 'connected' ? 'connected' : 'broker_lost'));
  source.addEventListener('beat', (event) => sawTime(take(event).time));
  source.addEventListener('notification', (event) => {
    const record = take(event) as Rec;
    sawTime(record.time);
    latest.set(record);
    changed();
  });
  source.addEventListener('changed', (event) => { // by somebody of the same agency, which is not notified of it
    take(event);
    changed();
  });
  source.addEventListener('moved', (event) => {
    take(event);
    moved.set(moved.get() + 1);
  });
  source.addEventListener('reset', (event) => { // what was missed is not known: all is read anew
    take(event);
    changed();
  });
  source.onerror = lost;
}

/* A connection that died without a word is found by asking. */
async function look(): Promise<void> {
  if (!source || Date.now() - heard < SILENCE_MS) return;
  heard = Date.now();
  try {
    await ask('GET', '/api/me');
  } catch {
    lost();
    begin();
  }
}

function turn(): void {
  window.clearTimeout(hiding);
  if (document.hidden) {
    hiding = window.setTimeout(() => {
      source?.close();
      source = null;
    }, HIDDEN_MS);
  } else if (wanted && !source) {
    begin();
    changed();
  }
}

export function live(): void {
  if (wanted) return;
  wanted = true;
  place = '';
  begin();
  watchdog = window.setInterval(() => void look(), LOOK_MS);
  window.addEventListener('offline', lost);
  document.addEventListener('visibilitychange', turn);
}

export function silent(): void {
  wanted = false;
  source?.close();
  source = null;
  window.clearInterval(watchdog);
  window.removeEventListener('offline', lost);
  document.removeEventListener('visibilitychange', turn);
  link.set('connecting');
}
