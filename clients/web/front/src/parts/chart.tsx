/* The trend, by uPlot, in the page's own colours; the table below it holds the same numbers for who cannot see it. What draws it
 * comes behind the numbers: they do not wait for it. */
import { useEffect, useRef } from 'preact/hooks';
import { showDayOf } from '../dates';
import { darkness } from '../theme';
import { useStore } from '../store';
import type { Overview } from '../types';
import { t } from '../words';

const HEIGHT = 220;
/* On paper, whatever colours the screen has. */
const ON_PAPER: Record<string, string> = { '--quiet': '#333', '--line': '#999', '--accent': '#17508c', '--red': '#a9201a', '--red-veil': '#fbe9e7', '--green': '#17653a' };
const paper = window.matchMedia('print');

export function Trend({ overview }: { overview: Overview }) {
  const room = useRef<HTMLDivElement>(null);
  const dark = useStore(darkness);
  const rows = overview.trend;
  useEffect(() => {
    const box = room.current;
    if (!box || !rows.length) return undefined;
    let onPaper = paper.matches;
    const colour = (name: string) => (): string => (onPaper ? ON_PAPER[name] : getComputedStyle(box).getPropertyValue(name).trim()); // asked each time that it is drawn
    const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '12px sans-serif' };
    const draw = async (): Promise<void> => {
      const drawer = await import('uplot').catch(() => null); // gone, when the server has other pages by now: the table is there
      if (gone || !drawer) return;
      const plot = new drawer.default({
        width: box.clientWidth, height: HEIGHT, cursor: { y: false, points: { size: 7 } }, legend: { show: false }, padding: [10, 26, 0, 0],
        scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(most * 1.1, 4)] } },
        axes: [{ ...axis, values: (_, ticks) => ticks.map((at) => (Number.isInteger(at) && rows[at] ? showDayOf(rows[at].time).replace(/[/ ]\d{4}$/, '') : '')), splits: () => rows.map((_, i) => i).filter((i) => i % (box.clientWidth < 420 ? 4 : 2) === 0), grid: { show: false } },
          { ...axis, size: 40, values: (_, ticks) => ticks.map((at) => (Number.isInteger(at) ? String(at) : '')) }],
        series: [{}, { label: t('open_count'), stroke: colour('--accent'), width: 2, points: { show: false } }, { label: t('overdue'), stroke: colour('--red'), width: 2.5, fill: colour('--red-veil'), points: { show: false } },
          { label: t('submitted_total'), stroke: colour('--green'), width: 2, dash: [5, 3], points: { show: false } }],
      }, [rows.map((_, i) => i), rows.map((row) => row.open), rows.map((row) => row.overdue), rows.map((row) => row.submitted)], box);
      const watch = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: HEIGHT }));
      watch.observe(box);
      const redraw = (print: boolean): void => {
        onPaper = print;
        plot.redraw(false, true);
      };
      const printed = (): void => redraw(true), shown = (): void => redraw(false), turned = (): void => redraw(paper.matches);
      window.addEventListener('beforeprint', printed);
      window.addEventListener('afterprint', shown);
      paper.addEventListener('change', turned);
      end = () => {
        window.removeEventListener('beforeprint', printed);
        window.removeEventListener('afterprint', shown);
        paper.removeEventListener('change', turned);
        watch.disconnect();
        plot.destroy();
      };
    };
    let gone = false, end = (): void => {};
    void draw();
    return () => {
      gone = true;
      end();
    };
  }, [JSON.stringify(rows), dark, t('overdue')]);
  return (
    <figure class="trend">
      <div class="plot" ref={room} aria-hidden="true" />
      <figcaption>
        <span class="key"><i class="line-overdue" />{t('overdue')}</span><span class="key"><i class="line-open" />{t('open_count')}</span><span class="key"><i class="line-done" />{t('submitted_total')}</span>
        <span class="quiet">{t('trend_help')}</span>
      </figcaption>
      <details><summary>{t('as_table')}</summary>
        <table class="list numbers"><thead><tr><th scope="col">{t('week')}</th><th scope="col">{t('overdue')}</th><th scope="col">{t('open_count')}</th><th scope="col">{t('submitted_total')}</th></tr></thead>
          <tbody>{rows.map((row) => <tr key={row.time}><th scope="row">{showDayOf(row.time)}</th><td>{row.overdue}</td><td>{row.open}</td><td>{row.submitted}</td></tr>)}</tbody></table>
      </details>
    </figure>
  );
}
