/** Telling whoever started us how far we are: events on a stdout that is no terminal, sentences on one that is. */

export type LifecycleEvent =
  | { readonly type: 'ready'; readonly app_id: string; readonly guild_ids: readonly string[] }
  | { readonly type: 'error'; readonly message: string }

/** Server-sent-event framing: `data: {json}` and a blank line, so that a reader can skip all other output. */
export function tell(event: LifecycleEvent): void {
  if (!process.stdout.isTTY) process.stdout.write(`data: ${JSON.stringify(event)}\n\n`)
}

export function say(...lines: readonly string[]): void {
  if (process.stdout.isTTY) process.stdout.write(`${lines.join('\n')}\n`)
}
