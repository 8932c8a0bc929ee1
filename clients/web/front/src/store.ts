/* A value that components watch. */
import { useEffect, useState } from 'preact/hooks';

export interface Store<T> { get(): T; set(value: T): void; watch(told: () => void): () => void }

export function store<T>(value: T): Store<T> {
  const watchers = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const told of [...watchers]) told();
    },
    watch(told) {
      watchers.add(told);
      return () => watchers.delete(told);
    },
  };
}

export function useStore<T>(of: Store<T>): T {
  const [, again] = useState({});
  useEffect(() => of.watch(() => again({})), [of]);
  return of.get();
}
