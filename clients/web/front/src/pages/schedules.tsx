/* The tasks that come again: of each schedule of this agency how often, to whom, when next, and what became of it so far. */
import { readAll } from '../api';
import { showDay, showMoment } from '../dates';
import { useLoad } from '../load';
import { agencyName, agencyNames } from '../names';
import { countWords } from '../parts/duefield';
import { Listed, Title, When } from '../parts/common';
import { address, go, Link, usePlace } from '../router';
import { me } from '../session';
import { capital, term } from '../terms';
import type { Schedule } from '../types';
import { t } from '../words';

function Made({ schedule }: { schedule: Schedule }) {
  const count = schedule.made ?? 0, words = t('made_of', { n: count, m: schedule.periods ?? 0 });
  if (!count) return <>{words}</>;
  return <Link to={address('/tasks', { agency: schedule.assigner ?? me.get()?.agency, role: 'assigner', search: schedule.content.title })}>{words}</Link>;
}

export function SchedulesPage() {
  const { query } = usePlace(), ended = query.get('ended') === '1';
  const loaded = useLoad(() => readAll<Schedule>('schedule_list', 'schedules', ended ? { ended } : {}), `schedules:${ended}`);
  return (
    <>
      <Title sub={agencyName(me.get()?.agency)}>{t('schedules')}</Title>
      <form class="filters no-print" onSubmit={(event) => event.preventDefault()}>
        <div class="field check"><label><input type="checkbox" checked={ended} onChange={(event) => go(address('/schedules', { ended: event.currentTarget.checked ? '1' : '' }), true)} /> {t('with_ended')}</label></div>
      </form>
      <When loaded={loaded}>{({ items }) => (
        <Listed count={items.length} words={t('count_schedules', { n: items.length })} none="no_schedules" sort="tasks" heads={['reference', 'title', 'period', 'leads', 'next_period', 'made']}>
          {items.map((one) => (
            <tr key={one.number} data-schedule={one.schedule} class={one.trouble ? 'row-overdue' : ''}>
              <th scope="row">{one.schedule}</th>
              <td class="wide">{one.content.title}{one.trouble && <p class="warn">{t('nothing_made')}. {t('server_says', { what: one.trouble })}</p>}</td>
              <td data-label={t('period')}>{capital(term('period', one.period))}, {one.due_at_end ? t('due_at_end') : `${t('due').toLowerCase()} ${countWords(one.content.due ?? '')}`}</td>
              <td data-label={t('leads')}>{one.children_of ? t('all_under', { who: agencyName(one.children_of) }) : agencyNames(one.leads ?? [])}</td>
              <td data-label={t('next_period')} class="keep">{one.ended !== undefined ? t('ended_on', { when: showMoment(one.ended) }) : showDay(one.next)}</td>
              <td data-label={t('made')}><Made schedule={one} /></td>
            </tr>
          ))}
        </Listed>
      )}</When>
    </>
  );
}
