/* What the lead of a task asks of whoever gave it, in words, and the lists of what is open. */
import { ApiError, readAll } from './api';
import { showDay, showDue } from './dates';
import { agencyName } from './names';
import { agencies } from './session';
import { standInOf } from './standing';
import { term } from './terms';
import type { Asked, Policy, Task, Wish } from './types';
import { t } from './words';

export const openAsks = (task: Task): Asked[] => (task.asks ?? []).filter((one) => !one.outcome);

const WORKING = ['assigned', 'accepted', 'in_progress'];

/* A submission is what is asked back; the rest is asked for before there is one. Of a kind one request is open at a time. */
export function askable(task: Task): string[] {
  const kinds = task.state === 'submitted' ? ['withdrawal'] : WORKING.includes(task.state) ? ['extension', 'return', 'transfer', 'suspension'] : [];
  return kinds.filter((kind) => !openAsks(task).some((one) => one.asking === kind) && (kind !== 'extension' || task.due !== undefined));
}

/* What a request of a kind says besides its reason, and what a grant of it may say instead. */
export const ASKS: Record<string, ('due' | 'lead' | 'until')[]> = { extension: ['due'], return: ['lead'], transfer: ['lead'], suspension: ['until'], withdrawal: [] };
export const GRANTS: Record<string, ('due' | 'lead' | 'until')[]> = { ...ASKS, return: ['lead', 'due'], transfer: ['lead', 'due'] };

/* `gia hạn đến 10/07/2024` */
export function wishWords(asking: string, wish: Wish): string {
  const due = wish.due === undefined ? '' : showDue(wish.due, wish.due_day);
  switch (asking) {
    case 'extension': return t('w_extension', { day: due });
    case 'transfer': return t('w_transfer', { who: agencyName(wish.lead) }) + (due && `, ${t('w_due', { day: due })}`);
    case 'return': return (wish.lead ? t('w_return_to', { who: agencyName(wish.lead) }) : t('w_return')) + (due && `, ${t('w_due', { day: due })}`);
    case 'suspension': return wish.until === undefined ? t('w_suspension_open') : t('w_suspension', { day: wish.until_day ? showDay(wish.until_day) : showDue(wish.until) });
    case 'withdrawal': return t('w_withdrawal');
    default: return term('asking', asking);
  }
}

/* Who would decide: the assigner, or, once as many of the kind were granted as the policy calls ordinary, who stands above it; who stands in for the
 * lead only where nobody is above. */
export function deciderOf(task: Task, asking: string, policy: Policy | null): string {
  const granted = (task.asks ?? []).filter((one) => one.asking === asking && one.outcome === 'granted').length;
  const above = (agency: string): string => agencies.get().get(agency)?.parent || agency;
  const first = policy?.ordinary !== undefined && granted >= policy.ordinary ? above(task.assigner) : task.assigner;
  return first === task.lead || first === standInOf(task.lead) ? above(first) : first;
}

export interface Request { task: Task; asked: Asked }

async function listed(fields: object): Promise<Request[]> {
  const tasks = (await readAll<Task>('task_list', 'tasks', fields, 5000)).items;
  return tasks.flatMap((task) => openAsks(task).map((asked) => ({ task, asked })))
    .sort((a, b) => (a.asked.decide_due ?? Infinity) - (b.asked.decide_due ?? Infinity) || a.asked.ask - b.asked.ask);
}

/* Of tasks on which the agency, with `subtree` also one under it, has to decide something. A broker from before there were such
 * requests knows no such role, and has none. */
export async function toDecide(agency: string, subtree: boolean, name: { for?: string } = {}): Promise<Request[]> {
  try {
    return await listed({ agency, roles: ['decider'], ...name, ...(subtree ? { subtree } : {}) });
  } catch (error) {
    if (error instanceof ApiError && error.name === 'bad_term') return [];
    throw error;
  }
}
export const askedBy = (agency: string, name: { for?: string } = {}): Promise<Request[]> => listed({ agency, roles: ['lead'], states: [...WORKING, 'submitted', 'suspended'], ...name });
