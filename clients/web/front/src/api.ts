/* Requests to coord-web. A refusal is an ApiError with the broker's own name and sentence; what did not get through has
 * `retry`, and may be sent again. */
import { early } from './early';
import { me } from './session';
import type { Overview } from './types';

export class ApiError extends Error {
  constructor(readonly status: number, readonly name: string, message: string, readonly field = '', readonly retry = false,
              readonly more: Record<string, unknown> = {}) {
    super(message);
  }
}

const AGAIN = [429, 502, 503, 504]; // busy, or away
const TIME_OUT_MS = 25000; // longer than the server's own for the broker
export const UPLOAD_MS = 1800000; // of a large file on a slow line; a line that is silent ends long before

export async function ask<T>(method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}, most = TIME_OUT_MS): Promise<T> {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), most);
  const csrf = me.get()?.csrf;
  let answer: Response, text: string;
  try {
    const asked = method === 'GET' ? early.get(path) : undefined;
    early.delete(path);
    answer = await (asked ?? fetch(path, { method, body, signal: end.signal, cache: 'no-store',
      headers: { ...(csrf && method !== 'GET' ? { 'X-CSRF': csrf } : {}), ...headers } }));
    text = await answer.text();
  } catch {
    throw new ApiError(0, 'unreachable', '', '', true);
  } finally {
    clearTimeout(timer);
  }
  let json: any = null;
  try {
    json = text ? JSON.parse(text) : {};
  } catch { /* of a proxy in between */ }
  if (answer.ok && json) return json as T;
  const error = json?.error ?? {};
  throw new ApiError(answer.status, error.name ?? `http_${answer.status}`, error.message ?? '', error.field ?? '',
    error.retry ?? AGAIN.includes(answer.status), error);
}

const JSON_BODY = { 'Content-Type': 'application/json' };

/* A request of the protocol that changes nothing. */
export async function read<T>(op: string, fields: object = {}): Promise<T> {
  return (await ask<{ reply: T }>('POST', `/api/op/${op}`, JSON.stringify(fields), JSON_BODY)).reply;
}

/* A request that changes something, its body as it was first written: resent under its id, it is done once. One that is only
 * tried needs none. */
export async function change<T>(op: string, id: string, body: string): Promise<T> {
  return (await ask<{ reply: T }>('POST', `/api/op/${op}`, body, { ...JSON_BODY, ...(id ? { 'X-Request-Id': id } : {}) })).reply;
}

/* All pages of a list, up to `most` items; `rest` says whether there are more. */
export async function readAll<T>(op: string, key: string, fields: object, most = 100000): Promise<{ items: T[]; rest: boolean }> {
  const items: T[] = [];
  let after: unknown;
  do {
    const page: any = await read(op, { ...fields, limit: 1000, ...(after !== undefined ? { after } : {}) });
    items.push(...page[key]);
    after = page.next;
  } while (after !== undefined && items.length < most);
  return { items, rest: after !== undefined };
}

/* Whoever asks while it is on its way gets the same answer: the page and its frame show the same numbers. */
let overview: Promise<Overview> | null = null;
export function readOverview(): Promise<Overview> {
  overview ??= ask<Overview>('GET', '/api/overview').finally(() => { overview = null; });
  return overview;
}
