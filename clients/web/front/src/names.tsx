/* Agencies by their names. */
import { agencies } from './session';
import { useStore } from './store';
import { inVietnamese } from './words';

export function agencyName(id: string | undefined): string {
  const agency = id ? agencies.get().get(id) : undefined;
  return agency ? (!inVietnamese() && agency.name_en) || agency.name : (id ?? '');
}
export const agencyNames = (ids: string[]): string => ids.map(agencyName).join('; ');

export function AgencyName({ id }: { id: string | undefined }) {
  useStore(agencies);
  return <span class="agency" title={id}>{agencyName(id)}</span>;
}
