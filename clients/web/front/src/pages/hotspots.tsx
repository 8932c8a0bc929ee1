/* Where too much is late in one place: the rules, how each stands, and of one the tasks behind its number. */
import { read, readAll } from '../api';
import { showMoment } from '../dates';
import { useLoad } from '../load';
import { AgencyName, agencyName, agencyNames } from '../names';
import { Listed, Title, When } from '../parts/common';
import { address, Link, usePlace } from '../router';
import type { HotSpot } from '../types';
import { t } from '../words';

const where = ({ rule }: HotSpot): string => [rule.area && `${t('area')}: ${rule.area}`, rule.agency && agencyName(rule.agency)].filter(Boolean).join(' · ');

function Standing({ spot }: { spot: HotSpot }) {
  return spot.raised === undefined ? <span class="how how-on_time">{t('not_hot')}</span> : <span class="how how-overdue">{t('hot_since', { when: showMoment(spot.raised) })}</span>;
}

/* What burns comes first, then what is nearest to it. */
const byHeat = (a: HotSpot, b: HotSpot): number => Number(b.raised !== undefined) - Number(a.raised !== undefined) || b.count / b.rule.tasks - a.count / a.rule.tasks || a.rule.rule.localeCompare(b.rule.rule);

function List() {
  const loaded = useLoad(() => readAll<HotSpot>('hot_spot_list', 'hot_spots', {}), 'hot_spots');
  return (
    <>
      <Title sub={t('hot_help')}>{t('hot_spots')}</Title>
      <When loaded={loaded}>{({ items }) => (
        <Listed count={items.length} words={t('count_rules', { n: items.length, m: items.filter((one) => one.raised !== undefined).length })} none="no_rules" sort="tasks" heads={['rule', 'place', 'late_or_escalated', 'hot_from', 'state', 'escalate_to']}>
          {[...items].sort(byHeat).map((one) => (
            <tr key={one.rule.rule} data-rule={one.rule.rule} class={one.raised === undefined ? '' : 'row-overdue'}>
              <th scope="row"><Link to={address('/hot-spots', { rule: one.rule.rule })}>{one.rule.rule}</Link></th>
              <td>{where(one)}</td>
              <td data-label={t('late_or_escalated')}>{one.count ? <Link to={address('/hot-spots', { rule: one.rule.rule })}>{one.count}</Link> : 0}{one.counting && <span class="quiet"> ({t('counting_anew')})</span>}</td>
              <td data-label={t('hot_from')}>{one.rule.tasks}</td>
              <td data-label={t('state')}><Standing spot={one} /></td>
              <td data-label={t('escalate_to')}>{agencyNames(one.rule.to)}</td>
            </tr>
          ))}
        </Listed>
      )}</When>
    </>
  );
}

async function readOne(rule: string): Promise<HotSpot> {
  const tasks: HotSpot['tasks'] = [];
  for (let after: number | undefined; ;) {
    const page: { hot_spot: HotSpot; next?: number } = await read('hot_spot_get', { rule, limit: 1000, ...(after !== undefined ? { after } : {}) });
    tasks.push(...(page.hot_spot.tasks ?? []));
    if (page.next === undefined) return { ...page.hot_spot, tasks };
    after = page.next;
  }
}

function One({ rule }: { rule: string }) {
  const loaded = useLoad(() => readOne(rule), `hot_spot:${rule}`);
  return (
    <When loaded={loaded}>{(spot) => {
      const tasks = spot.tasks ?? [];
      return (
        <>
          <Title sub={<>{where(spot)} · <Standing spot={spot} /></>} aside={<Link class="button" to="/hot-spots">{t('hot_spots')}</Link>}>{`${t('hot_spot')} · ${rule}`}</Title>
          <p>{t('hot_rule', { n: spot.rule.tasks })} {t('sent_to', { who: agencyNames(spot.rule.to) })}.{spot.rule.by && ` ${t('set_by', { who: agencyName(spot.rule.by) })}`}</p>
          <p class="counted" role="status" data-count={spot.count}>{t('count', { n: spot.count })}{spot.counting ? ` · ${t('counting_anew')}` : spot.count > tasks.length && ` · ${t('hidden_tasks', { n: spot.count - tasks.length })}`}</p>
          {tasks.length > 0 && (
            <div class="scroll"><table class="list tasks">
              <thead><tr><th scope="col">{t('reference')}</th><th scope="col">{t('lead')}</th><th scope="col">{t('state')}</th></tr></thead>
              <tbody>{tasks.map((task) => (
                <tr key={task.task} class={task.overdue ? 'row-overdue' : ''}>
                  <th scope="row"><Link to={`/tasks/${task.task}`}>{task.reference}</Link></th>
                  <td data-label={t('lead')}><AgencyName id={task.lead} /></td>
                  <td data-label={t('state')}><div>{task.overdue && <span class="how how-overdue">{t('overdue')}</span>} {task.escalated && <span class="how how-due_soon">{t('escalated')}</span>}</div></td>
                </tr>
              ))}</tbody>
            </table></div>
          )}
        </>
      );
    }}</When>
  );
}

export function HotSpotsPage() {
  const rule = usePlace().query.get('rule');
  return rule ? <One key={rule} rule={rule} /> : <List />;
}
