/* The leaders' numbers: what coord-web counted, added up, and the list behind each. */
import { compare } from './fold';
import { agencyName } from './names';
import { address } from './router';
import { DONE_STATES, OPEN_STATES } from './terms';
import type { Course, Overview, Tally } from './types';

const SUMMED = ['assigned', 'open', 'on_time', 'late', 'overdue', 'open_escalations', 'due_week', 'overdue_before', 'submitted', 'undecided'] as const;

export function totalOf(overview: Overview): Tally {
  const total: Tally = { assigned: 0, open: 0, on_time: 0, late: 0, overdue: 0, open_escalations: 0, worst_delay: 0, due_week: 0, overdue_before: 0, submitted: 0, undecided: 0 };
  for (const tally of Object.values(overview.agencies)) {
    for (const name of SUMMED) total[name] += tally[name] ?? 0;
    total.worst_delay = Math.max(total.worst_delay, tally.worst_delay);
  }
  return total;
}

const ORDER = ['overdue', 'open_escalations', 'worst_delay', 'late', 'assigned'] as const;

/* What is worst comes first; what is equal, by name: as `coordctl report` has it. */
export function byWorst(overview: Overview): [string, Tally][] {
  return Object.entries(overview.agencies).sort(([a, x], [b, y]) => {
    for (const name of ORDER) if (x[name] !== y[name]) return y[name] - x[name];
    return compare(agencyName(a), agencyName(b));
  });
}

/* What is handed in is done when it is confirmed. */
export const doneOf = (tally: Tally): number => tally.on_time + tally.late - tally.submitted;

export interface Standings { met: number; not_met: number; on_the_way: number; behind: number; value_missed: number }

/* A value that is missing is told first; the end of a target is that it is handed in, or past due. */
function standingOf(target: Course, now: number): keyof Standings | null {
  const done = DONE_STATES.includes(target.state), over = target.state !== 'suspended' && target.due !== undefined && target.due <= now;
  if (!done && target.value_missing) return 'value_missed';
  if (!done && !over) return 'on_the_way';
  if (target.target === undefined) return null;
  return target.reached !== undefined && (target.better === 'less' ? target.reached <= target.target : target.reached >= target.target) ? 'met' : 'not_met';
}

/* How targets stand, each once, as `coordctl report` has it; null when there are none to tell of. */
export function standingsOf(targets: Course[], now: number): Standings | null {
  const counts: Standings = { met: 0, not_met: 0, on_the_way: 0, behind: 0, value_missed: 0 };
  for (const target of targets) {
    const standing = target.state === 'cancelled' ? null : standingOf(target, now);
    if (standing) counts[standing] += 1;
    if (standing === 'on_the_way' && (target.met === false || target.will_be_met === false)) counts.behind += 1;
  }
  return counts.met + counts.not_met + counts.on_the_way + counts.value_missed ? counts : null;
}

/* The list behind a number; of one lead, or of all. */
export function listOf(number: keyof Tally, overview: Overview, lead?: string): string {
  const of = lead ? { agency: lead, role: 'lead' } : {};
  const lists: Partial<Record<keyof Tally, Record<string, string>>> = {
    assigned: { state: [...OPEN_STATES, ...DONE_STATES].join(',') }, open: { state: OPEN_STATES.join(',') }, on_time: { state: DONE_STATES.join(','), timeliness: 'on_time,no_deadline' },
    submitted: { state: 'submitted' }, late: { timeliness: 'late' }, overdue: { timeliness: 'overdue', sort: 'due' },
    due_week: { state: OPEN_STATES.join(','), timeliness: 'on_time,due_soon', due_before: String(overview.due_week_end), sort: 'due' },
  };
  if (number === 'open_escalations') return address('/escalations', { lead });
  if (number === 'worst_delay') return address('/tasks', { ...of, timeliness: 'overdue,late', sort: 'due' });
  return address('/tasks', { ...of, ...lists[number] });
}
