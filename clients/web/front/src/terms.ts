/* The protocol's vocabulary for readers. A term of a newer broker is shown as it is. */
import { actions, terms } from 'virtual:tables';
import { inVietnamese, t } from './words';

export function term(vocabulary: string, name: string | undefined): string {
  if (!name) return '';
  const words = name.replace(/_/g, ' ');
  return inVietnamese() ? (terms[vocabulary]?.[name]?.[0] ?? words) : words;
}
export const termsOf = (vocabulary: string): string[] => Object.keys(terms[vocabulary]);
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1);
/* What an action makes of the state, and which roles are told. */
export const effectOf = (action: string): { to: string; told: string[] } | undefined => actions[action];

export const OPEN_STATES = ['assigned', 'accepted', 'in_progress', 'suspended'];
export const DONE_STATES = ['submitted', 'completed'];
/* What an action on a task is called on its button: a circular is accepted by saying that it has been read. */
export const actName = (action: string, task: { kind?: string }): string => (action === 'accept' && task.kind === 'circular' ? t('mark_read') : capital(term('action', action)));
