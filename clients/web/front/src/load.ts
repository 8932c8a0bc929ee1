/* What a page shows, read again whenever something has happened. What was there stays while the new is on its way. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api';
import { link, moved, tick } from './live';
import { me } from './session';
import { useStore } from './store';

export interface Loaded<T> { data: T | null; error: ApiError | null; again(): void }

const AGAIN_MS = 2000; // after what may go right the next time
const STALE_MS = 500; // while newer numbers are counted

/* Numbers from before, while newer ones are counted. */
const isStale = (data: any): boolean => !!data?.stale;

/* While it is read, nothing of the same is read beside it: what happened meanwhile has it read once more.
 * `isOfAll`: numbers over all tasks, which may be others also when nothing is told. */
export function useLoad<T>(load: () => Promise<T>, key: string, isLive = true, isOfAll = false): Loaded<T> {
  const beat = useStore(tick), moves = useStore(moved);
  const [state, set] = useState<{ key: string; data: T | null; error: ApiError | null }>({ key: '', data: null, error: null });
  const [manual, setManual] = useState(0);
  const turn = useRef(0), reading = useRef<string | null>(null), isWanted = useRef(false);
  useEffect(() => {
    if (reading.current === key) {
      isWanted.current = true;
      return undefined;
    }
    const mine = ++turn.current;
    let timer = 0;
    reading.current = key;
    isWanted.current = false;
    const isOver = (): boolean => {
      if (mine !== turn.current) return false;
      reading.current = null;
      return true;
    };
    load().then(
      (data) => {
        if (!isOver()) return;
        set({ key, data, error: null });
        if (isWanted.current) setManual((n) => n + 1);
        else if (isStale(data)) timer = window.setTimeout(() => setManual((n) => n + 1), STALE_MS);
      },
      (error) => {
        if (!isOver()) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401) me.set(null);
        else set((old) => ({ key, data: old.key === key ? old.data : null, error }));
        if (error.retry ? link.get() === 'connected' : isWanted.current) timer = window.setTimeout(() => setManual((n) => n + 1), AGAIN_MS);
      },
    );
    return () => window.clearTimeout(timer);
  }, [key, isLive ? beat : 0, isOfAll ? moves : 0, manual]);
  const fits = state.key === key;
  return { data: fits ? state.data : null, error: fits ? state.error : null, again: () => setManual((n) => n + 1) };
}
