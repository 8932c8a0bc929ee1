/* Proof of work: files that are sent up before the form is, and the list of what a task has. */
import { useEffect, useState } from 'preact/hooks';
import { ApiError, ask, UPLOAD_MS } from '../api';
import type { EvidenceFile } from '../types';
import { refusal, t } from '../words';

export function showSize(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  const units = ['B', 'kB', 'MB', 'GB'];
  let size = bytes, unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit ? size.toFixed(1) : size} ${units[unit]}`;
}

/* Whether coord-web has a file still: what no task names goes after a day, and a draft may be older. */
async function isHere(file: EvidenceFile): Promise<boolean> {
  try {
    return (await fetch(`/evidence/${file.sha256}/${encodeURIComponent(file.name)}`, { method: 'HEAD', cache: 'no-store' })).status !== 404;
  } catch {
    return true; // not to be known now
  }
}

const PIECES_MAX = 16; // of a submission, by the protocol

/* `given`: what the task has already, which need not be here. */
export function EvidenceField({ files, given, most = PIECES_MAX, onChange, required, invalid, busy, onBusy }: {
  files: EvidenceFile[]; given: EvidenceFile[]; most?: number; onChange(change: (files: EvidenceFile[]) => EvidenceFile[]): void; required: boolean; invalid: boolean; busy: boolean; onBusy(busy: boolean): void;
}) {
  const [problem, setProblem] = useState(''), [current, setCurrent] = useState('');
  useEffect(() => {
    const sent = files.filter((file) => file.sha256 && !given.some((one) => one.sha256 === file.sha256));
    void Promise.all(sent.map(isHere)).then((here) => {
      const gone = sent.filter((_, i) => !here[i]);
      if (!gone.length) return;
      onChange((old) => old.filter((one) => !gone.some((lost) => lost.sha256 === one.sha256)));
      setProblem(t('gone_again', { names: gone.map((one) => one.name).join(', ') }));
    });
  }, []);
  const take = async (list: FileList): Promise<void> => {
    setProblem('');
    onBusy(true);
    for (const file of [...list].slice(0, most - files.length)) {
      setCurrent(file.name);
      try {
        const piece = await ask<EvidenceFile>('POST', `/api/evidence?name=${encodeURIComponent(file.name)}`, file, { 'Content-Type': file.type || 'application/octet-stream' }, UPLOAD_MS);
        const { name, size, sha256 } = piece;
        onChange((old) => [...old.filter((one) => one.sha256 !== sha256), { name, size, sha256 }]);
      } catch (error) {
        const refused = error instanceof ApiError ? error : null;
        setProblem(refused?.name === 'too_large' ? t('too_large', { name: file.name, limit: showSize(Number(refused.more.limit)) })
          : `${t('upload_failed', { name: file.name })} ${refused ? refusal(refused.name, refused.message) : ''}`);
      }
    }
    setCurrent('');
    onBusy(false);
  };
  return (
    <div class="field">
      <p class="label">{t('files')}{required && <span class="needed"> ({t('required')})</span>}</p>
      <input id="files" class="unseen" type="file" multiple aria-invalid={invalid || undefined} disabled={busy || files.length >= most} onChange={(event) => {
        if (event.currentTarget.files) void take(event.currentTarget.files).then(() => undefined);
      }} />
      <label for="files" class="button">{files.length ? t('attach_more') : t('attach')}</label>
      {current && <p class="help" role="status">{t('uploading', { name: current })}</p>}
      {problem && <p class="refused" role="alert">{problem}</p>}
      <ul class="files">
        {files.map((file) => (
          <li key={file.sha256 ?? file.name}>{file.name} <small>{showSize(file.size)}</small>{' '}
            <button type="button" class="plain" aria-label={`${t('remove')} ${file.name}`} onClick={() => onChange((old) => old.filter((one) => one !== file))}>{t('remove')}</button></li>
        ))}
      </ul>
    </div>
  );
}

function Piece({ file }: { file: EvidenceFile }) {
  const [here, setHere] = useState(false);
  const link = /^https?:\/\//.test(file.name) ? file.name : file.sha256 ? `/evidence/${file.sha256}/${encodeURIComponent(file.name)}` : '';
  const isOurs = link.startsWith('/');
  useEffect(() => {
    if (isOurs) fetch(link, { method: 'HEAD' }).then((answer) => setHere(answer.ok), () => setHere(false));
  }, [link]);
  return (
    <li>
      {here || (link && !isOurs) ? <a href={link} download={isOurs ? file.name : undefined} rel="noreferrer noopener">{file.name}</a> : file.name}
      {' '}<small>{[showSize(file.size), isOurs && !here ? t('no_copy') : ''].filter(Boolean).join(' · ')}</small>
      {file.sha256 && <small class="hash" title="SHA-256">{file.sha256}</small>}
    </li>
  );
}

export function EvidenceList({ files }: { files: EvidenceFile[] }) {
  return files.length ? <ul class="files">{files.map((file, i) => <Piece key={i} file={file} />)}</ul> : <p class="quiet">{t('no_files')}</p>;
}
