/* A word about what was done, said once and read out. */
import { store, useStore } from './store';

const SHOWN_MS = 6000;
const said = store('');
let timer = 0;

export function toast(words: string): void {
  said.set(words);
  clearTimeout(timer);
  timer = window.setTimeout(() => said.set(''), SHOWN_MS);
}

export function Toast() {
  const words = useStore(said);
  return <div class={`toast${words ? ' shown' : ''}`} role="status" aria-live="polite">{words}</div>;
}
