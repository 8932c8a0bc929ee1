/* Changes on their way. Each has its id and its body, kept in localStorage before it is sent, and is sent again, the same
 * bytes under the same id, until the broker has answered: through lost connections, reloads and sign-ins, with one effect. */
import { ApiError, change } from './api';
import { changed, link } from './live';
import { me } from './session';
import { store } from './store';
import type { ChangeReply } from './types';

export interface Parcel { id: string; op: string; body: string; label: string; reference: string }
export interface Ending { parcel: Parcel; reply?: ChangeReply; error?: ApiError }

/* Those that wait for an answer for longer than one try; the banner shows them. */
export const waiting = store<Parcel[]>([]);
/* What became of those that no form waited for any more: a page shows it once. */
export const endings = store<Ending[]>([]);

/* The id of the one that was done last: the form that it came from is empty again, in whatever tab. */
export const finished = store('');

const FIRST_PAUSE_MS = 500, PAUSE_MAX_MS = 10000, SLOW_MS = 2000;
const place = (): string => `outbox:${me.get()?.user ?? ''}`;
const under = new Map<string, Promise<ChangeReply>>();

function kept(): Parcel[] {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? '[]');
  } catch {
    return [];
  }
}
function keep(list: Parcel[]): void {
  try {
    localStorage.setItem(place(), JSON.stringify(list));
  } catch { /* full, or forbidden: it is sent all the same */ }
}

/* Until the pause is over, or the connection is there again. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    let stop = () => {};
    const timer = setTimeout(finish, milliseconds);
    function finish(): void {
      clearTimeout(timer);
      stop();
      done();
    }
    stop = link.watch(() => link.get() === 'connected' && finish());
  });
}

const isLost = (): boolean => link.get() === 'broker_lost' || link.get() === 'server_lost';

async function deliver(parcel: Parcel): Promise<ChangeReply> {
  const show = (): void => {
    if (!waiting.get().some((one) => one.id === parcel.id)) waiting.set([...waiting.get(), parcel]);
  };
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, PAUSE_MAX_MS)) {
    if (isLost()) {
      show();
      await pause(PAUSE_MAX_MS);
    }
    const slow = setTimeout(show, SLOW_MS);
    try {
      return await change<ChangeReply>(parcel.op, parcel.id, parcel.body);
    } catch (error) {
      if (!(error instanceof ApiError) || !error.retry) throw error;
      show();
      await pause(wait);
    } finally {
      clearTimeout(slow);
    }
  }
}

/* Sends it, or joins the sending of the same id: a button pressed twice is one request. */
export function send(parcel: Parcel): Promise<ChangeReply> {
  const already = under.get(parcel.id);
  if (already) return already;
  keep([...kept().filter((one) => one.id !== parcel.id), parcel]);
  const sending = deliver(parcel)
    .then((reply) => {
      keep(kept().filter((one) => one.id !== parcel.id));
      finished.set(parcel.id);
      changed(); // one's own agency is not told of what it did
      return reply;
    })
    .catch((error) => {
      // Without a session it stays, and goes when its user is there again; what was refused has left no trace.
      if (!(error instanceof ApiError && error.status === 401)) keep(kept().filter((one) => one.id !== parcel.id));
      throw error;
    })
    .finally(() => {
      under.delete(parcel.id);
      waiting.set(waiting.get().filter((one) => one.id !== parcel.id));
    });
  under.set(parcel.id, sending);
  return sending;
}

/* What an earlier page left behind. */
export function resume(): void {
  for (const parcel of kept())
    if (!under.has(parcel.id))
      send(parcel).then(
        (reply) => endings.set([...endings.get(), { parcel, reply }]),
        (error) => error instanceof ApiError && error.status !== 401 && endings.set([...endings.get(), { parcel, error }]),
      );
}

export function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // a page that did not come by HTTPS
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
