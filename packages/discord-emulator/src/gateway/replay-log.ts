/** The dispatches of one session, numbered, kept so that a RESUME can replay them (docs: Gateway > Resuming). */
export interface Sent {
  readonly sequence: number
  readonly event: string
  readonly subjectId: string | undefined
  /** The payload as JSON text. */
  readonly text: string
}

export interface ReplayLog {
  /** Numbers a dispatch; `kept` ones can be replayed. */
  append(
    dispatch: { readonly event: string; readonly data: unknown; readonly subjectId: string | undefined },
    kept?: boolean,
  ): Sent
  /** What followed the sequence number: `ahead` if it was never sent, `forgotten` if the log no longer reaches back so far. */
  after(sequence: number): readonly Sent[] | 'ahead' | 'forgotten'
  /** Everything up to the number may be forgotten. */
  trim(sequence: number): void
}

export function createReplayLog(limit: number): ReplayLog {
  let log: Sent[] = []
  let sequence = 0
  let forgotten = 0
  const drop = (count: number) => {
    forgotten = Math.max(forgotten, log[count - 1]?.sequence ?? 0)
    log = log.slice(count)
  }
  return {
    append({ event, data, subjectId }, kept = true) {
      sequence += 1
      const sent = { sequence, event, subjectId, text: JSON.stringify({ t: event, s: sequence, op: 0, d: data }) }
      if (kept) log.push(sent)
      // A tenth at a time: a slice per dispatch would copy the log each time, and more slack is memory (1.3 kB a message).
      if (log.length > limit * 1.1) drop(log.length - limit)
      return sent
    },
    after(from) {
      if (from > sequence) return 'ahead'
      if (from < forgotten) return 'forgotten'
      return log.filter((sent) => sent.sequence > from)
    },
    trim(upTo) {
      const kept = log.findIndex((sent) => sent.sequence > upTo)
      drop(kept === -1 ? log.length : kept)
    },
  }
}
