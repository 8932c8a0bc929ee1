/* Agencies that are stood in for: in whose name a task is shown, and in whose name what is done to it is asked. */
import type { Fields } from './draft';
import { agencies, me, now, ours, readHello, stoodFor } from './session';
import type { Task } from './types';

/* Who stands in for an agency now. */
export function standInOf(agency: string): string | undefined {
  const one = agencies.get().get(agency)?.stand_in;
  return one && one.from <= now() && now() < one.until ? one.by : undefined;
}

/* Who is to decide what a lead asks and stands in for it meanwhile does so when that is over. `decider`: this agency, or one in whose name it may. */
export const isToWait = (task: { lead: string }, decider = me.get()?.agency): boolean => (decider === me.get()?.agency ? stoodFor.get().includes(task.lead) : standInOf(task.lead) === decider);

/* In whose name something is read: one's own without `for`. */
export interface Name { for?: string }

/* Of what is read in a name, what waits for this agency there: who leads a task, or stands in for its lead, does nothing on it in another's name. */
export const mayDoIn = (name: Name) => ({ lead }: { lead: string }): boolean => !name.for || lead === name.for || !ours().includes(lead);
export const markedIn = (name: Name) => <T extends object>(one: T): T => (name.for ? { ...one, stands_in_for: name.for } : one);

/* What waits for this agency in its own name, then in that of each that it stands in for. */
export async function inEachName<T>(readIn: (agency: string, name: Name) => Promise<T>): Promise<T[]> {
  const stood = (await readHello()).stands_in_for ?? [];
  return Promise.all([readIn(me.get()?.agency ?? '', {}), ...stood.map((agency) => readIn(agency, { for: agency }))]);
}

/* In whose names something on a task may wait for this agency: in the one that it is shown in, or in any. */
export const namesOn = (task: { stands_in_for?: string }): string[] => (task.stands_in_for ? [task.stands_in_for] : ours());

/* The address of a task's page, in the name in which it is shown here. */
export const placeOf = (task: { task: number; stands_in_for?: string }, query = ''): string => {
  const name = task.stands_in_for ? `in=${encodeURIComponent(task.stands_in_for)}` : '', words = [query, name].filter(Boolean).join('&');
  return `/tasks/${task.task}${words && `?${words}`}`;
};

/* Whether an agency has some part in a task. */
export function hasPart(task: Task, agency: string): boolean {
  const escalated = (task.escalations ?? []).flatMap((one) => one.to), owed = (task.opinions ?? []).filter((one) => one.ended === undefined).map((one) => one.agency);
  return [task.lead, task.assigner, task.supervisor, ...(task.cooperating ?? []), ...(task.observers ?? []), ...escalated, ...owed, ...(task.asks ?? []).filter((one) => !one.outcome).map((one) => one.decider)].includes(agency);
}

/* In whose name an act is asked, `for`; undefined leaves it to the broker: one's own where that may do it, or else the one's whose roles may. What is
 * addressed to one agency is that one's. */
export function nameOf(action: string, task: Task, fields: Fields): string | undefined {
  if (task.stands_in_for) return task.stands_in_for;
  const question = Number(fields.question);
  const addressed = action === 'acknowledge' ? (task.escalations ?? []).filter((one) => one.escalation === Number(fields.escalation)).flatMap((one) => one.to)
    : action === 'grant' || action === 'deny' ? (task.asks ?? []).filter((one) => one.ask === Number(fields.ask)).map((one) => one.decider)
    : action === 'opine' ? (task.opinions ?? []).filter((one) => one.question === question && one.ended === undefined).map((one) => one.agency) : [];
  const name = ours().find((one) => addressed.includes(one));
  return name === me.get()?.agency ? undefined : name;
}
