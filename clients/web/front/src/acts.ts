/* What a form of each action asks, and the request that it becomes. */
import type { Fields } from './draft';
import type { Task } from './types';

export type FieldName = 'note' | 'percent' | 'value' | 'files' | 'lead' | 'due' | 'title' | 'description' | 'priority' | 'level' | 'to' | 'escalation';
interface Act { fields: FieldName[]; needs: FieldName[]; main?: boolean }

/* In the order in which they are offered; the main ones are buttons, the others behind "more". */
export const ACTS: Record<string, Act> = {
  accept: { fields: ['note'], needs: [], main: true },
  report: { fields: ['percent', 'value', 'note'], needs: [], main: true },
  submit: { fields: ['percent', 'value', 'note', 'files'], needs: [], main: true },
  confirm: { fields: ['note'], needs: [], main: true },
  reject: { fields: ['note'], needs: ['note'], main: true },
  acknowledge: { fields: ['escalation', 'note'], needs: ['escalation'], main: true },
  resume: { fields: ['note'], needs: [], main: true },
  comment: { fields: ['note'], needs: ['note'], main: true },
  start: { fields: ['note'], needs: [] },
  amend: { fields: ['due', 'title', 'description', 'priority', 'note'], needs: [] },
  reassign: { fields: ['lead', 'due', 'note'], needs: ['lead', 'note'] },
  escalate: { fields: ['to', 'level', 'note'], needs: ['note'] },
  suspend: { fields: ['note'], needs: ['note'] },
  cancel: { fields: ['note'], needs: ['note'] },
};

export const asksValue = (task: Task): boolean => task.target !== undefined || !!task.unit;

export function fieldsOf(action: string, task: Task): FieldName[] {
  return ACTS[action].fields.filter((name) => name !== 'value' || asksValue(task));
}

/* What stands in the form before anything is written. */
export function firstFields(action: string, task: Task): Fields {
  const open = task.escalations?.filter((one) => !one.acknowledged && !one.closed) ?? [];
  return {
    note: '', percent: action === 'submit' ? 100 : (task.percent ?? ''), value: '', files: action === 'submit' ? (task.evidence_files ?? []) : [], lead: [], due: '',
    title: task.title ?? '', description: task.description ?? '', priority: task.priority ?? 'normal', level: 1, to: [],
    escalation: open[0]?.escalation ?? '',
  };
}

export function missing(action: string, task: Task, fields: Fields, evidence: boolean): FieldName[] {
  const empty = (name: FieldName): boolean => fields[name] === '' || fields[name]?.length === 0 || (typeof fields[name] === 'string' && !fields[name].trim());
  const needs = [...ACTS[action].needs, ...(evidence && action === 'submit' ? (['files'] as FieldName[]) : [])];
  return fieldsOf(action, task).filter((name) => needs.includes(name) && empty(name));
}

const number = (value: unknown): number | undefined => (value === '' || value === undefined ? undefined : Number(value));

/* The request. Fields that are undefined do not stand in it. */
export function bodyOf(action: string, task: Task, fields: Fields): object {
  const common = { task: task.task, expect: task.version, note: fields.note.trim() || undefined };
  const progress = { ...common, percent: number(fields.percent), value: asksValue(task) ? number(fields.value) : undefined };
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
    default:
      return common;
  }
}
