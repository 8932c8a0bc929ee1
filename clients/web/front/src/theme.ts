/* Light or dark: as the system has it, unless the reader chose. */
import { store } from './store';

export type Theme = 'system' | 'light' | 'dark';
const kept = localStorage.getItem('theme');
export const theme = store<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system');
const system = window.matchMedia('(prefers-color-scheme: dark)');
export const darkness = store(false);

function show(): void {
  const choice = theme.get();
  const dark = choice === 'system' ? system.matches : choice === 'dark';
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  darkness.set(dark);
}
theme.watch(() => {
  localStorage.setItem('theme', theme.get());
  show();
});
system.addEventListener('change', show);
show();
