/* What stands above every page: that the connection is lost, what waits to be sent, and what became of it. */
import { link } from '../live';
import { endings, waiting } from '../outbox';
import { useStore } from '../store';
import { refusal, t } from '../words';

export function Banner() {
  const standing = useStore(link), parcels = useStore(waiting), over = useStore(endings);
  const lost = standing === 'broker_lost' || standing === 'server_lost';
  return (
    <div class="banners">
      <div role="alert">{lost && <p class="banner lost" data-link={standing}>{t(standing)}</p>}</div>
      <div role="status">
        {parcels.map((one) => <p key={one.id} class="banner waits">{t('waiting_one', { what: `${one.label} ${one.reference}` })}</p>)}
        {over.map((one) => (
          <p key={one.parcel.id} class={`banner ${one.error ? 'lost' : 'sent'}`}>
            {one.error ? t('failed_later', { what: `${one.parcel.label} ${one.parcel.reference}`, why: refusal(one.error.name, one.error.message) }) : t('sent_later', { what: `${one.parcel.label} ${one.parcel.reference}` })}{' '}
            <button type="button" class="plain" onClick={() => endings.set(over.filter((other) => other !== one))}>{t('close')}</button>
          </p>
        ))}
      </div>
    </div>
  );
}
