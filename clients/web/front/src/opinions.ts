/* What the lead of a task asks other agencies their opinion of: who owes one, and what may be said. */
import { ApiError, readAll } from './api';
import { me } from './session';
import type { Opinion, Question, Task } from './types';

/* With what outcome an opinion may be given: one is not passed on. */
export const OPINIONS = ['agreed', 'agreed_in_part', 'refused'];

export const owingTo = (task: Task, question: number): Opinion[] => (task.opinions ?? []).filter((one) => one.question === question && one.ended === undefined);
export const owing = (task: Task, question: number, agency: string | undefined): Opinion[] => owingTo(task, question).filter((one) => one.agency === agency);

export interface Owed { task: Task; question: Question }

/* What this agency is asked, the soonest first. A broker from before there were opinions knows no such role, and has none. */
export async function toOpine(agency = me.get()?.agency, name: { for?: string } = {}): Promise<Owed[]> {
  try {
    const { items } = await readAll<Task>('task_list', 'tasks', { agency, roles: ['consulted'], ...name }, 5000);
    return items.flatMap((task) => (task.questions ?? []).filter((one) => owing(task, one.question, agency).length).map((question) => ({ task, question }))).sort((a, b) => a.question.due - b.question.due || a.question.question - b.question.question);
  } catch (error) {
    if (error instanceof ApiError && error.name === 'bad_term') return [];
    throw error;
  }
}
