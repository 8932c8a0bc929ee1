/* What a form of each action asks, and the request that it becomes. */
import type { Fields } from './draft';
import { owing, owingTo } from './opinions';
import { periodsOf } from './periods';
import { ASKS, askable, GRANTS, openAsks } from './requests';
import { namesOn, nameOf } from './standing';
import type { Asked, Question, Task } from './types';

export type FieldName = 'note' | 'percent' | 'period' | 'value' | 'numerator' | 'denominator' | 'files' | 'lead' | 'due' | 'title' | 'description' | 'priority' | 'level' | 'to' | 'escalation' | 'asking' | 'ask' | 'until' | 'answer' | 'passed_to' | 'question' | 'agencies' | 'of';
interface Act { fields: FieldName[]; needs: FieldName[]; main?: boolean }

/* In the order in which they are offered; the main ones are buttons, the others behind "more". */
export const ACTS: Record<string, Act> = {
  opine: { fields: ['question', 'answer', 'note', 'files'], needs: ['question', 'answer', 'note'], main: true },
  answer: { fields: ['answer', 'passed_to', 'note'], needs: ['answer', 'passed_to', 'note'], main: true },
  grant: { fields: ['ask', 'lead', 'due', 'until', 'note'], needs: ['ask'], main: true },
  deny: { fields: ['ask', 'note'], needs: ['ask', 'note'], main: true },
  accept: { fields: ['note'], needs: [], main: true },
  report: { fields: ['percent', 'period', 'value', 'numerator', 'denominator', 'note'], needs: [], main: true },
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
  return openAsks(task).filter((one) => action === 'take_back' || namesOn(task).includes(one.decider));
}
/* The questions that an action may be about: on which this agency owes an opinion; or, of the lead's, on which one is owed. */
export const questionsOf = (action: string, task: Task): Question[] => (task.questions ?? []).filter((one) => (action === 'opine' ? namesOn(task).some((name) => owing(task, one.question, name).length > 0) : owingTo(task, one.question).length > 0));
export const askedOf = (task: Task, fields: Fields): Asked | undefined => (task.asks ?? []).find((one) => one.ask === Number(fields.ask));

/* A target with an indicator has its values period by period, by reports; a submission brings none. Of a rate the two are asked that it is
 * counted from. Any other task with a figure says with each what is reached. */
function asksFigure(name: FieldName, action: string, task: Task): boolean {
  const { indicator } = task;
  if (name === 'period') return action === 'report' && !!indicator && periodsOf(task).length > 0;
  if (name === 'numerator' || name === 'denominator') return action === 'report' && !!indicator?.per;
  if (name !== 'value') return true;
  return indicator ? action === 'report' && !indicator.per : task.target !== undefined || !!task.unit;
}

const GIVEN: FieldName[] = ['due', 'lead', 'until'];

export function fieldsOf(action: string, task: Task, fields: Fields): FieldName[] {
  const of = action === 'ask' ? ASKS[fields.asking] : action === 'grant' ? GRANTS[askedOf(task, fields)?.asking ?? ''] : GIVEN;
  return ACTS[action].fields.filter((name) => asksFigure(name, action, task) && (name !== 'passed_to' || fields.answer === 'passed_on')
    && (!GIVEN.includes(name) || (of as FieldName[] | undefined)?.includes(name)));
}

const given = (value: unknown): boolean => value !== '' && value !== undefined;

/* A return may name who should have it, and need not. Of a rate one number is nothing without the other. */
export function needsOf(action: string, fields: Fields): FieldName[] {
  if (action === 'report' && (given(fields.numerator) || given(fields.denominator))) return ['numerator', 'denominator'];
  return ACTS[action].needs.filter((name) => !(action === 'ask' && name === 'lead' && fields.asking === 'return'));
}

/* What stands in the form before anything is written. */
export function firstFields(action: string, task: Task): Fields {
  const open = task.escalations?.filter((one) => !one.acknowledged && !one.closed) ?? [];
  return {
    note: '', percent: action === 'submit' ? 100 : (task.percent ?? ''), value: '', numerator: '', denominator: '', period: periodsOf(task)[0] ?? '', files: action === 'submit' ? (task.evidence_files ?? []) : [], lead: [], due: '',
    title: task.title ?? '', description: task.description ?? '', priority: task.priority ?? 'normal', level: 1, to: [], until: '', answer: '', passed_to: [],
    question: questionsOf(action, task)[0]?.question ?? '', agencies: [], of: '',
    escalation: open[0]?.escalation ?? '', asking: askable(task)[0] ?? '', ask: asksOf(action, task)[0]?.ask ?? '',
  };
}

export function missing(action: string, task: Task, fields: Fields, evidence: boolean): FieldName[] {
  const empty = (name: FieldName): boolean => !given(fields[name]) || fields[name]?.length === 0 || (typeof fields[name] === 'string' && !fields[name].trim());
  const needs = [...needsOf(action, fields), ...(evidence && action === 'submit' ? (['files'] as FieldName[]) : [])];
  return fieldsOf(action, task, fields).filter((name) => needs.includes(name) && empty(name));
}

const number = (value: unknown): number | undefined => (given(value) ? Number(value) : undefined);

/* The value of a period, as the form names it: a draft may name one that there is no more. */
function figuresOf(task: Task, fields: Fields, asked: FieldName[]): Record<string, unknown> {
  const ask = (name: FieldName): number | undefined => (asked.includes(name) ? number(fields[name]) : undefined);
  const figures = { value: ask('value'), numerator: ask('numerator'), denominator: ask('denominator') }, periods = periodsOf(task);
  const isTold = asked.includes('period') && Object.values(figures).some((one) => one !== undefined);
  return { ...figures, period: isTold ? (periods.includes(fields.period) ? fields.period : periods[0]) : undefined };
}

/* The request. Fields that are undefined do not stand in it. */
export function bodyOf(action: string, task: Task, fields: Fields): Record<string, unknown> {
  const common = { for: nameOf(action, task, fields), task: task.task, expect: task.version, note: fields.note.trim() || undefined };
  const asked = fieldsOf(action, task, fields);
  const progress = { ...common, percent: number(fields.percent), ...figuresOf(task, fields, asked) };
  const said = { due: (asked.includes('due') && fields.due) || undefined, lead: asked.includes('lead') ? fields.lead[0] : undefined, until: (asked.includes('until') && fields.until) || undefined };
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
      return { ...common, until: said.until };
    case 'ask':
      return { ...common, asking: fields.asking, ...said };
    case 'grant':
      return { ...common, ask: Number(fields.ask), ...said };
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
