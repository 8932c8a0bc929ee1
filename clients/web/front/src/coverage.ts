/* What a document orders, and by which tasks it is carried out: the broker counts page by page, and the pages are added up here. */
import { read } from './api';
import type { Citing, Covered, Paper } from './types';

export interface Row extends Covered { text?: string }
export interface Coverage { document: Paper; rows: Row[]; tasks: Citing[]; total: Covered }

export const COUNTS = ['tasks', 'open', 'overdue', 'submitted', 'completed', 'late'] as const;
export type Count = (typeof COUNTS)[number];
const NOTHING = { tasks: 0, open: 0, submitted: 0, completed: 0, overdue: 0, late: 0 };

const DONE = ['submitted', 'completed'];
/* Whether a task is one of those that a count counts. */
const OF: Record<Count, (task: Citing) => boolean> = {
  tasks: (task) => task.state !== 'cancelled', open: (task) => !DONE.includes(task.state) && task.state !== 'cancelled', overdue: (task) => task.timeliness === 'overdue',
  submitted: (task) => task.state === 'submitted', completed: (task) => task.state === 'completed', late: (task) => DONE.includes(task.state) && task.timeliness === 'late',
};

/* Those behind a number: of a paragraph, of none ('-'), or of all. */
export function behind(coverage: Coverage, count: Count, paragraph: string | null): Citing[] {
  return coverage.tasks.filter((task) => OF[count](task) && (paragraph === null || (paragraph === '-' ? !task.paragraphs?.length : task.paragraphs?.includes(paragraph))));
}

export async function readCoverage(document: string, task: number | undefined): Promise<Coverage> {
  const named = { document, ...(task ? { task } : {}) };
  const whole = (await read<{ document: Paper }>('document_get', named)).document;
  const rows: Row[] = (whole.paragraphs ?? []).map((one) => ({ ...one, ...NOTHING })), tasks: Citing[] = [];
  let after: number | undefined;
  do {
    const page: { paragraphs: Partial<Covered>[]; tasks: Citing[]; next?: number } = await read('document_coverage', { ...named, limit: 1000, ...(after !== undefined ? { after } : {}) });
    for (const counted of page.paragraphs) {
      let row = rows.find((one) => one.paragraph === counted.paragraph);
      if (!row) rows.push((row = { paragraph: counted.paragraph, missing: counted.missing, ...NOTHING }));
      for (const name of COUNTS) row[name] += counted[name] ?? 0;
    }
    tasks.push(...page.tasks);
    after = page.next;
  } while (after !== undefined);
  const total = { ...NOTHING };
  for (const name of COUNTS) total[name] = tasks.filter(OF[name]).length; // one of several paragraphs counts in each of these, and once here
  return { document: whole, rows: [...rows.filter((one) => one.paragraph && !one.missing), ...rows.filter((one) => one.missing), ...rows.filter((one) => !one.paragraph)], tasks, total };
}
