declare module 'virtual:tables' {
  export const terms: Record<string, Record<string, string[]>>;
  export const actions: Record<string, { to: string; told: string[] }>;
}
