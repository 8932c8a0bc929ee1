/* What a form of each action asks, and the request that it becomes. */
import type { Fields } from './draft';
import { owing, owingTo } from './opinions';
import { ASKS, askable, GRANTS, openAsks } from './requests';
import { me } from './session';
import type { Asked, Question, Task } from './types';

export type FieldName = 'note' | 'percent' | 'value' | 'files' | 'lead' | 'due' | 'title' | 'description' | 'priority' | 'level' | 'to' | 'escalation' | 'asking' | 'ask' | 'until' | 'answer' | 'passed_to' | 'question' | 'agencies' | 'of';
interface Act { fields: FieldName[]; needs: FieldName[]; main?: boolean }

/* In the order in which they are offered; the main ones are buttons, the others behind "more". */
export const ACTS: Record<string, Act> = {
  opine: { fields: ['question', 'answer', 'note', 'files'], needs: ['question', 'answer', 'note'], main: true },
  answer: { fields: ['answer', 'passed_to', 'note'], needs: ['answer', 'passed_to', 'note'], main: true },
  grant: { fields: ['ask', 'lead', 'due', 'until', 'note'], needs: ['ask'], main: true },
  deny: { fields: ['ask', 'note'], needs: ['ask', 'note'], main: true },
  accept: { fields: ['note'], needs: [], main: true },
  report: { fields: ['percent', 'value', 'note'], needs: [], main: true },
  submit: { fields: ['percent', 'value', 'note', 'files'], needs: [], main: true },
  confirm: { fields: ['note'], needs: [], main: true },
  reject: { fields: ['note'], needs: ['note'], main: true },
  acknowledge: { fields: ['escalation', 'note'], needs: ['escalation'], main: true },
  resume: { fields: ['note'], needs: [], main: true },
  ask: { fields: ['asking', 'due', 'lead', 'until', 'note'], needs: ['asking', 'due', 'lead', 'until', 'note'], main: true },
  take_back: { fields: ['ask', 'note'], needs: ['ask'], main: true },
  comment: { fields: ['note'], needs: ['note'], main: true },
  consult: { fields: ['agencies', 'due', 'note', 'files'], needs: ['agencies', 'due', 'note'] },
  recall: { fields: ['question', 'of', 'note'], needs: ['question'] },
  start: { fields: ['note'], needs: [] },
  amend: { fields: ['due', 'title', 'description', 'priority', 'note'], needs: [] },
  reassign: { fields: ['lead', 'due', 'note'], needs: ['lead', 'note'] },
  escalate: { fields: ['to', 'level', 'note'], needs: ['note'] },
  suspend: { fields: ['until', 'note'], needs: ['note'] },
  cancel: { fields: ['note'], needs: ['note'] },
};

/* Which of them this agency is offered: of what the broker says that it may, what finds something to do. */
export function offeredOf(task: Task, may: string[]): string[] {
  const empty: Record<string, () => boolean> = {
    ask: () => !askable(task).length, grant: () => !asksOf('grant', task).length, deny: () => !asksOf('deny', task).length, take_back: () => !openAsks(task).length,
    opine: () => !questionsOf('opine', task).length, recall: () => !questionsOf('recall', task).length,
    submit: () => may.includes('answer'), // a recommendation is answered
  };
  return Object.keys(ACTS).filter((action) => may.includes(action) && !empty[action]?.());
}

/* The open requests that an action may be about. */
export function asksOf(action: string, task: Task): Asked[] {
  const mine = me.get()?.agency;
  return openAsks(task).filter((one) => action === 'take_back' || one.decider === mine);
}
/* The questions that an action may be about: on which this agency owes an opinion; or, of the lead's, on which one is owed. */
export const questionsOf = (action: string, task: Task): Question[] => (task.questions ?? []).filter((one) => (action === 'opine' ? owing(task, one.question, me.get()?.agency).length : owingTo(task, one.question).length) > 0);
export const askedOf = (task: Task, fields: Fields): Asked | undefined => (task.asks ?? []).find((one) => one.ask === Number(fields.ask));

export const asksValue = (task: Task): boolean => task.target !== undefined || !!task.unit;

const GIVEN: FieldName[] = ['due', 'lead', 'until'];

export function fieldsOf(action: string, task: Task, fields: Fields): FieldName[] {
  const of = action === 'ask' ? ASKS[fields.asking] : action === 'grant' ? GRANTS[askedOf(task, fields)?.asking ?? ''] : GIVEN;
  return ACTS[action].fields.filter((name) => (name !== 'value' || asksValue(task)) && (name !== 'passed_to' || fields.answer === 'passed_on')
    && (!GIVEN.includes(name) || (of as FieldName[] | undefined)?.includes(name)));
}

/* A return may name who should have it, and need not. */
export function needsOf(action: string, fields: Fields): FieldName[] {
  return ACTS[action].needs.filter((name) => !(action === 'ask' && name === 'lead' && fields.asking === 'return'));
}

/* What stands in the form before anything is written. */
export function firstFields(action: string, task: Task): Fields {
  const open = task.escalations?.filter((one) => !one.acknowledged && !one.closed) ?? [];
  return {
    note: '', percent: action === 'submit' ? 100 : (task.percent ?? ''), value: '', files: action === 'submit' ? (task.evidence_files ?? []) : [], lead: [], due: '',
    title: task.title ?? '', description: task.description ?? '', priority: task.priority ?? 'normal', level: 1, to: [], until: '', answer: '', passed_to: [],
    question: questionsOf(action, task)[0]?.question ?? '', agencies: [], of: '',
    escalation: open[0]?.escalation ?? '', asking: askable(task)[0] ?? '', ask: asksOf(action, task)[0]?.ask ?? '',
  };
}

export function missing(action: string, task: Task, fields: Fields, evidence: boolean): FieldName[] {
  const empty = (name: FieldName): boolean => fields[name] === '' || fields[name]?.length === 0 || (typeof fields[name] === 'string' && !fields[name].trim());
  const needs = [...needsOf(action, fields), ...(evidence && action === 'submit' ? (['files'] as FieldName[]) : [])];
  return fieldsOf(action, task, fields).filter((name) => needs.includes(name) && empty(name));
}

const number = (value: unknown): number | undefined => (value === '' || value === undefined ? undefined : Number(value));

/* The request. Fields that are undefined do not stand in it. */
export function bodyOf(action: string, task: Task, fields: Fields): Record<string, unknown> {
  const common = { task: task.task, expect: task.version, note: fields.note.trim() || undefined };
  const progress = { ...common, percent: number(fields.percent), value: asksValue(task) ? number(fields.value) : undefined };
  const asked = fieldsOf(action, task, fields);
  const given = { due: (asked.includes('due') && fields.due) || undefined, lead: asked.includes('lead') ? fields.lead[0] : undefined, until: (asked.includes('until') && fields.until) || undefined };
  switch (action) {
    case 'report':
      return progress;
    case 'submit':
      return { ...progress, evidence_files: fields.files.length || task.evidence_files?.length ? fields.files : undefined };
    case 'reassign':
      return { ...common, lead: fields.lead[0], due: fields.due || undefined };
    case 'amend': {
      const content: Record<string, unknown> = {};
      if (fields.due) content.due = fields.due;
      for (const name of ['title', 'description'] as const) if (fields[name].trim() !== (task[name] ?? '')) content[name] = fields[name].trim();
      if (fields.priority !== (task.priority ?? 'normal')) content.priority = fields.priority;
      return { ...common, content };
    }
    case 'escalate':
      return { ...common, level: number(fields.level), to: fields.to.length ? fields.to : undefined };
    case 'acknowledge':
      return { ...common, escalation: Number(fields.escalation) };
    case 'suspend':
      return { ...common, until: given.until };
    case 'ask':
      return { ...common, asking: fields.asking, ...given };
    case 'grant':
      return { ...common, ask: Number(fields.ask), ...given };
    case 'deny':
    case 'take_back':
      return { ...common, ask: Number(fields.ask) };
    case 'consult':
      return { ...common, agencies: fields.agencies, due: fields.due, evidence_files: fields.files.length ? fields.files : undefined };
    case 'opine':
      return { ...common, question: Number(fields.question), answer: fields.answer, evidence_files: fields.files.length ? fields.files : undefined };
    case 'recall':
      return { ...common, question: Number(fields.question), agencies: fields.of ? [fields.of] : undefined };
    case 'answer':
      return { ...common, answer: fields.answer, to: fields.answer === 'passed_on' ? fields.passed_to[0] : undefined };
    default:
      return common;
  }
}
