/* A change tried before it is sent: the broker judges it as it would be, and does nothing. */
import { useEffect, useState } from 'preact/hooks';
import { ApiError, change } from './api';
import { tries } from './session';
import type { ChangeReply } from './types';

const SETTLE_MS = 400; // while somebody types
export interface Trial { reply: ChangeReply | null; error: ApiError | null }
const NONE: Trial = { reply: null, error: null };

/* `body`: the request, or null while it lacks something. What it says at length is not judged but for being there, so that
 * nothing is tried for each letter. */
export function useTrial(op: string, body: Record<string, unknown> | null): Trial {
  const key = body && tries.get() ? JSON.stringify({ op, ...body, note: !!body.note }) : '';
  const [state, set] = useState<Trial & { key: string }>({ ...NONE, key: '' });
  useEffect(() => {
    if (!key) return undefined;
    let live = true;
    const timer = setTimeout(() => {
      change<ChangeReply>(op, '', JSON.stringify({ ...body, dry_run: true })).then(
        (reply) => live && set({ key, reply, error: null }),
        (error) => live && error instanceof ApiError && set({ key, reply: null, error: error.retry || error.status === 401 ? null : error }),
      );
    }, SETTLE_MS);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [key]);
  return state.key === key ? state : NONE;
}
