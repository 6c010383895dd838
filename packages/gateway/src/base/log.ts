/** The log: one line of JSON for each event. Tokens and secrets are never among the facts. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>

export interface Log {
  info(message: string, facts?: Facts): void
  warn(message: string, facts?: Facts): void
  error(message: string, facts?: Facts): void
}

export function createLog(write: (line: string) => void, now: () => number): Log {
  const at =
    (level: string) =>
    (message: string, facts: Facts = {}) =>
      write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...facts })}\n`)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
