/* Where we are: the path and the query, which hold all that a page shows, so that an address can be sent to a colleague. */
import type { ComponentChildren, JSX } from 'preact';
import { store, useStore } from './store';

export interface Place { path: string; query: URLSearchParams }
const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });
export const place = store<Place>(here());
window.addEventListener('popstate', () => place.set(here()));

export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', to);
  const before = place.get().path;
  place.set(here());
  if (location.pathname !== before) window.scrollTo(0, 0);
}

/* This page with other filters. An empty one is left out. */
export function address(path: string, query: Record<string, string | undefined>): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) words.set(name, value);
  const text = words.toString();
  return text ? `${path}?${text}` : path;
}

export const usePlace = (): Place => useStore(place);

export function Link({ to, children, ...rest }: { to: string; children: ComponentChildren } & JSX.HTMLAttributes<HTMLAnchorElement> & Record<string, unknown>) {
  return (
    <a href={to} {...rest} onClick={(event: MouseEvent) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(to);
    }}>{children}</a>
  );
}
