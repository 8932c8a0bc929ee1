/* Text as it is searched: case, accents and đ do not matter. */
export const fold = (text: string): string =>
  text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase();
const collator = new Intl.Collator('vi');
export const compare = (a: string, b: string): number => collator.compare(a, b);
