/* The live connection: Server-Sent Events of the broker's notifications. `link` is what the banner shows; `tick` grows when
 * something has happened that a page may show, and when the connection is there again. */
import { sawTime } from './session';
import { store } from './store';
import type { Rec } from './types';

export type Link = 'connecting' | 'connected' | 'broker_lost' | 'server_lost';
export const link = store<Link>('connecting');
export const tick = store(0);
export const latest = store<Rec | null>(null);

const SILENCE_MS = 40000; // the server beats every 15 s: two missed, and some
const GATHER_MS = 150; // what comes together is shown together
let source: EventSource | null = null;
let heard = 0, timer = 0, watchdog = 0, retry = 0;

function changed(): void {
  if (!timer)
    timer = window.setTimeout(() => {
      timer = 0;
      tick.set(tick.get() + 1);
    }, GATHER_MS);
}

function setLink(next: Link): void {
  const before = link.get();
  link.set(next);
  if (next === 'connected' && before !== 'connected' && before !== 'connecting') changed();
}

function lost(): void {
  setLink('server_lost');
  if (source?.readyState === EventSource.CLOSED && !retry) {
    retry = window.setTimeout(() => {
      retry = 0;
      if (source) begin();
    }, 2000);
  }
}

function begin(): void {
  source?.close();
  source = new EventSource('/api/events');
  heard = Date.now();
  source.addEventListener('state', (event) => {
    heard = Date.now();
    setLink(JSON.parse((event as MessageEvent).data).state === 'connected' ? 'connected' : 'broker_lost');
  });
  source.addEventListener('beat', (event) => {
    heard = Date.now();
    sawTime(JSON.parse((event as MessageEvent).data || '{}').time);
  });
  source.addEventListener('notification', (event) => {
    heard = Date.now();
    const record = JSON.parse((event as MessageEvent).data) as Rec;
    sawTime(record.time);
    latest.set(record);
    changed();
  });
  source.onerror = lost;
}

export function live(): void {
  if (source) return;
  begin();
  watchdog = window.setInterval(() => {
    if (Date.now() - heard > SILENCE_MS) {
      setLink('server_lost');
      begin();
    }
  }, 5000);
  window.addEventListener('offline', lost);
}

export function silent(): void {
  source?.close();
  source = null;
  window.clearInterval(watchdog);
  window.removeEventListener('offline', lost);
  link.set('connecting');
}
