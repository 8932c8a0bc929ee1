/* What the page asks first, on its way while the page itself still is: ask() takes each answer once. */
export const early = new Map<string, Promise<Response>>();

function begin(path: string): void {
  const end = new AbortController();
  setTimeout(() => end.abort(), 25000); // as ask() has it
  const answer = fetch(path, { cache: 'no-store', signal: end.signal });
  answer.catch(() => undefined); // whoever takes it is told
  early.set(path, answer);
}

begin('/api/me');
if (location.pathname === '/overview') begin('/api/overview'); // who may not have it is refused
