/* A screen for the wall: large, dark, by itself. Turns the pages of what is overdue and escalated; shows whether it is live. */
import { useEffect, useState } from 'preact/hooks';
import { readAll, readOverview } from '../api';
import { showDay, showDue, showLongDay, showTime, today } from '../dates';
import { live as goLive, link } from '../live';
import { useLoad } from '../load';
import { agencyName } from '../names';
import { How, useTitle, When } from '../parts/common';
import { Link } from '../router';
import { me, now } from '../session';
import { useStore } from '../store';
import { doneOf, totalOf } from '../tally';
import type { Task } from '../types';
import { t } from '../words';
import { Direction } from './overview';

const ROWS = 8, TURN_MS = 12000, LISTED_MAX = 200;

interface Data { overdue: Task[]; soon: Task[] }
async function gather(): Promise<Data> {
  const [overdue, soon] = await Promise.all([
    readAll<Task>('task_list', 'tasks', { timeliness: ['overdue'] }, LISTED_MAX), readAll<Task>('task_list', 'tasks', { timeliness: ['due_soon'] }, LISTED_MAX),
  ]);
  const byDue = (a: Task, b: Task): number => (a.due ?? 0) - (b.due ?? 0);
  return { overdue: overdue.items.sort(byDue), soon: soon.items.sort(byDue) };
}

function Clock() {
  const [, again] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => again((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return <p class="clock"><b>{showTime(now())}</b><span>{showLongDay(today())}</span></p>;
}

function Rows({ data, turn }: { data: Data; turn: number }) {
  const rows = [
    ...data.overdue.map((task) => ({ key: `o${task.task}`, reference: task.reference, title: task.title, lead: task.lead, when: showDue(task.due, task.due_day), how: 'overdue', level: Math.max(0, ...(task.escalations ?? []).filter((one) => !one.closed && !one.acknowledged).map((one) => one.level)) })),
    ...data.soon.map((task) => ({ key: `s${task.task}`, reference: task.reference, title: task.title, lead: task.lead, when: showDue(task.due, task.due_day), how: 'due_soon', level: 0 })),
  ];
  const pages = Math.max(1, Math.ceil(rows.length / ROWS)), page = turn % pages;
  if (!rows.length) return <p class="empty">{t('no_worst')}</p>;
  return (
    <>
      <table><thead><tr><th scope="col">{t('reference')}</th><th scope="col">{t('title')}</th><th scope="col">{t('lead')}</th><th scope="col">{t('due')}</th><th scope="col">{t('how')}</th></tr></thead>
        <tbody>{rows.slice(page * ROWS, page * ROWS + ROWS).map((row) => <tr key={row.key}><td class="keep">{row.reference}</td><td><div class="cut">{row.title}</div></td><td><div class="cut">{agencyName(row.lead)}</div></td><td class="keep">{row.when}</td><td class="keep"><How of={row.how} /> {row.level > 0 && <span class="how how-overdue">{t('level', { n: row.level })}</span>}</td></tr>)}</tbody></table>
      {pages > 1 && <p class="turns">{t('page_of', { n: page + 1, m: pages })}</p>}
    </>
  );
}

export function WallPage() {
  useTitle(t('wall'));
  const standing = useStore(link), lists = useLoad(gather, 'wall'), numbers = useLoad(readOverview, 'overview', true, true);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    goLive();
    document.documentElement.classList.add('on-wall');
    const timer = setInterval(() => setTurn((n) => n + 1), TURN_MS);
    return () => {
      clearInterval(timer);
      document.documentElement.classList.remove('on-wall');
    };
  }, []);
  return (
    <main class="wall" id="content">
      <header>
        <div><h1>{agencyName(me.get()?.agency)}</h1><p class={`standing ${standing === 'connected' ? 'on' : 'off'}`} role="status">{standing === 'connected' ? t('live') : t('live_off')} {numbers.data && <span>· {t('as_of', { when: `${showDay(today())} ${showTime(numbers.data.time)}` })}</span>}</p></div>
        <Clock />
      </header>
      <When loaded={numbers}>{(overview) => {
        const total = totalOf(overview);
        const figures: [string, number, string][] = [[t('overdue'), total.overdue, 'red'], [t('escalated'), total.open_escalations, 'red'], [t('due_week'), total.due_week, 'amber'], [t('open_count'), total.open, 'blue'], [t('done_count'), doneOf(total), 'green']];
        return (
          <>
            <div class="big">{figures.map(([name, value, sort], i) => <div key={name} class={`figure figure-${sort}${value ? '' : ' none'}`}><span class="name">{name}</span><span class="value">{value}</span>{i === 0 && <Direction tally={total} />}</div>)}</div>
            <When loaded={lists}>{(data) => <Rows data={data} turn={turn} />}</When>
          </>
        );
      }}</When>
      <p class="leave"><Link to="/overview">{t('leave_wall')}</Link></p>
    </main>
  );
}
