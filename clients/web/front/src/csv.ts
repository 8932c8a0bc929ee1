/* A table for Excel: UTF-8 with its mark, so that Vietnamese is read as such. Every cell is one line in quotes. None is run: what
 * begins a cell as a formula does, or would where a spreadsheet parts at semicolons and heeds no quotes in the middle, is made
 * text by an apostrophe before it, whatever blanks, quotes and marks that nobody sees stand in between. */
const RUNS = /(^|;)([\s"'\u200b-\u200f\u202a-\u202e\u2060-\u2069]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

export function csv(rows: (string | number | undefined)[][]): string {
  const cell = (value: string | number | undefined): string => {
    const line = String(value ?? '').replace(/[\0-\x1f\x7f\u2028\u2029]+/g, ' ');
    return `"${(typeof value === 'string' ? line.replace(RUNS, "$1'$2") : line).replace(/"/g, '""')}"`;
  };
  return '\ufeff' + rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
}

export function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
