/* Tasks as a table; on a narrow screen each becomes a card, by the stylesheet. */
import { AgencyName } from '../names';
import { Link } from '../router';
import type { Task } from '../types';
import { t } from '../words';
import { Due, How, Progress, State } from './common';

export function TaskTable({ tasks, label }: { tasks: Task[]; label: string }) {
  return (
    <div class="scroll">
      <table class="list tasks" aria-label={label}>
        <thead>
          <tr><th scope="col">{t('reference')}</th><th scope="col">{t('title')}</th><th scope="col">{t('lead')}</th><th scope="col">{t('due')}</th><th scope="col">{t('state')}</th><th scope="col">{t('progress')}</th></tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <tr key={task.task} class={`row-${task.timeliness}`}>
              <th scope="row"><Link to={`/tasks/${task.task}`}>{task.reference}</Link></th>
              <td class="wide"><Link to={`/tasks/${task.task}`} tabIndex={-1} class="plain-link">{task.title}</Link></td>
              <td data-label={t('lead')}><AgencyName id={task.lead} /></td>
              <td data-label={t('due')} class="keep"><Due task={task} /> <How of={task.timeliness} /></td>
              <td data-label={t('state')} class="keep"><State of={task.state} /></td>
              <td data-label={t('progress')} class="keep"><Progress task={task} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
