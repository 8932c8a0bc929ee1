/* What was written in a form and not sent yet: kept on this machine, a form and user each, until it is sent or thrown away. */
import { useEffect, useState } from 'preact/hooks';
import { finished, newId } from './outbox';
import { me } from './session';

export type Fields = Record<string, any>;
interface Draft { id: string; fields: Fields; time: number }

const KEPT_MS = 30 * 86400000;

function load(place: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(place) ?? 'null') as Draft | null;
    return draft && Date.now() - draft.time < KEPT_MS ? draft : null;
  } catch {
    return null;
  }
}

function kept(place: string, draft: Draft): Draft {
  if (draft.time)
    try {
      localStorage.setItem(place, JSON.stringify(draft));
    } catch { /* full, or forbidden */ }
  return draft;
}

/* The form's fields, the id of the request that it will become, and whether they are from before. */
export function useDraft(form: string, first: Fields): { id: string; fields: Fields; set(more: Fields): void; clear(): void; renew(): void; restored: boolean } {
  const place = `draft:${me.get()?.user ?? ''}:${form}`;
  const [draft, setDraft] = useState<Draft>(() => load(place) ?? { id: newId(), fields: first, time: 0 });
  const [restored, setRestored] = useState(() => load(place) !== null);
  /* At once, and not when it is painted: the page may go before. */
  const change = (how: (old: Draft) => Draft): void => setDraft((old) => kept(place, how(old)));
  const clear = (): void => {
    localStorage.removeItem(place);
    setRestored(false);
    setDraft({ id: newId(), fields: first, time: 0 });
  };
  useEffect(() => finished.watch(() => finished.get() === draft.id && clear()), [draft.id]);
  return {
    id: draft.id,
    fields: draft.fields,
    restored,
    set: (more) => change((old) => ({ ...old, fields: { ...old.fields, ...more }, time: Date.now() })),
    /* The same fields as another request. */
    renew: () => change((old) => ({ ...old, id: newId() })),
    clear,
  };
}

/* A draft whose request was done while no form was there to see it. */
finished.watch(() => {
  for (const name of Object.keys(localStorage))
    if (name.startsWith('draft:') && load(name)?.id === finished.get()) localStorage.removeItem(name);
});
