/* A task's line of life, to scale: what state it was in when, its dates, and now. The list below it says the same in words. */
import { showDayOf, showDue } from '../dates';
import { now } from '../session';
import { capital, term } from '../terms';
import type { Rec, Task } from '../types';
import { t } from '../words';

interface Span { state: string; from: number; to: number }

/* The states it was in, by its records, oldest first. */
function spansOf(task: Task, records: Rec[], end: number): Span[] {
  const spans: Span[] = [];
  for (const record of [...records].sort((a, b) => a.seq - b.seq)) {
    if (!record.state || !record.action) continue;
    const last = spans[spans.length - 1];
    if (last?.state === record.state) continue;
    if (last) last.to = record.time;
    spans.push({ state: record.state, from: record.time, to: end });
  }
  return spans.length ? spans : [{ state: task.state, from: task.assigned, to: end }];
}

export function Life({ task, records }: { task: Task; records: Rec[] }) {
  const clock = now(), isClosed = task.closed !== undefined;
  const spans = spansOf(task, records, isClosed ? (task.closed as number) : clock);
  const begin = Math.min(task.assigned, spans[0].from), end = Math.max(isClosed ? (task.closed as number) : clock, task.due ?? 0, task.original_due ?? 0);
  const room = Math.max(end - begin, 1) * 1.03;
  const at = (time: number): number => Math.max(0, Math.min(100, ((time - begin) / room) * 100));
  const rungs = records.filter((record) => record.record === 'rung' && record.to?.length);
  const marks: { time: number; sort: string; words: string }[] = [];
  if (task.original_due !== undefined && task.original_due !== task.due) marks.push({ time: task.original_due, sort: 'was', words: `${t('moved_from')} ${showDue(task.original_due)}` });
  if (task.due !== undefined) marks.push({ time: task.due, sort: 'due', words: `${t('due')} ${showDue(task.due, task.due_day)}` });
  if (!isClosed) marks.push({ time: clock, sort: 'now', words: `${t('clock_now')} ${showDayOf(clock)}` });
  const words = [...spans.map((span) => `${capital(term('state', span.state))}: ${showDayOf(span.from)}`), ...marks.map((mark) => mark.words)].join('. ');
  return (
    <figure class="life">
      <div class="line" role="img" aria-label={words}>
        {spans.map((span, i) => <span key={i} class={`span span-${span.state}`} style={{ left: `${at(span.from)}%`, width: `${Math.max(at(span.to) - at(span.from), 0.6)}%` }} title={`${capital(term('state', span.state))}: ${showDayOf(span.from)} – ${showDayOf(span.to)}`} />)}
        {task.due !== undefined && !isClosed && clock > task.due && <span class="span over" style={{ left: `${at(task.due)}%`, width: `${at(clock) - at(task.due)}%` }} />}
        {rungs.map((record) => <span key={record.seq} class={`rung rung-${record.severity}`} style={{ left: `${at(record.time)}%` }} title={`${capital(term('notice', record.notice))} ${showDayOf(record.time)}`} />)}
        {marks.map((mark) => <span key={mark.sort} class={`mark mark-${mark.sort}`} style={{ left: `${at(mark.time)}%` }} title={mark.words} />)}
      </div>
      <figcaption>
        <span class="edge">{showDayOf(begin)}</span>
        {[...new Set(spans.map((span) => span.state))].map((state) => <span key={state} class="key"><i class={`span-${state}`} />{capital(term('state', state))}</span>)}
        {marks.map((mark) => <span key={mark.sort} class="key"><i class={`mark-${mark.sort}`} />{mark.words}</span>)}
      </figcaption>
    </figure>
  );
}
