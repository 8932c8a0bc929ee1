/* What a page shows, read again whenever something has happened. What was there stays while the new is on its way. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api';
import { tick } from './live';
import { me } from './session';
import { useStore } from './store';

export interface Loaded<T> { data: T | null; error: ApiError | null; again(): void }

export function useLoad<T>(load: () => Promise<T>, key: string, isLive = true): Loaded<T> {
  const beat = useStore(tick);
  const [state, set] = useState<{ key: string; data: T | null; error: ApiError | null }>({ key: '', data: null, error: null });
  const [manual, setManual] = useState(0);
  const turn = useRef(0);
  useEffect(() => {
    const mine = ++turn.current;
    load().then(
      (data) => mine === turn.current && set({ key, data, error: null }),
      (error) => {
        if (mine !== turn.current) return;
        if (error instanceof ApiError && error.status === 401) me.set(null);
        else if (error instanceof ApiError) set((old) => ({ key, data: old.key === key ? old.data : null, error }));
        else throw error;
      },
    );
  }, [key, isLive ? beat : 0, manual]);
  const fits = state.key === key;
  return { data: fits ? state.data : null, error: fits ? state.error : null, again: () => setManual(manual + 1) };
}
