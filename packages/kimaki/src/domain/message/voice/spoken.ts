/**
 * Commands at the beginning of what was spoken: "queue, …" waits for its turn, "agent build, …" chooses who answers. Nowhere else: people
 * speak about queues and agents. Programs that write speech down put a comma or a full stop where the voice paused, or nothing.
 */

export interface Spoken {
  /** Without the commands; never empty where the speech was not. */
  readonly text: string
  readonly isQueued: boolean
  /** One of `agents`, as they are written. */
  readonly agent: string | undefined
}

/** In either order, each once: "queue, agent build, paint the fence". */
export function spokenOf(speech: string, agents: readonly string[]): Spoken {
  const whole = { text: speech.trim(), isQueued: false, agent: undefined }
  const read = readOnce(readOnce(whole, agents), agents)
  // Nothing is left that could be run: it was no command, but all there is.
  return read.text === '' ? whole : read
}

function readOnce(spoken: Spoken, agents: readonly string[]): Spoken {
  const { text } = spoken
  const queue = spoken.isQueued ? null : QUEUE.exec(text)
  if (queue) return { ...spoken, isQueued: true, text: restOf(text, queue[0]) }
  const named = spoken.agent === undefined ? agentAt(text, agents) : undefined
  return named ? { ...spoken, agent: named.agent, text: restOf(text, named.said) } : spoken
}

/** "Queue" alone is a noun as well: a pause or a pronoun makes it a command. Some programs hear "cue". */
const QUEUE =
  /^(?:please[,\s]+)?(?:queue|cue)(?:\s+(?:this|that|it)(?:\s+(?:message|up))?(?=[\s,.:;!–—-]|$)|\s+(?:message|up)(?=[\s,.:;!–—-])|(?=\s*[,.:;!–—]))/i

function agentAt(text: string, agents: readonly string[]): { readonly agent: string; readonly said: string } | undefined {
  // A longer name first: "build fast" is no "build".
  for (const agent of agents.toSorted((a, b) => b.length - a.length)) {
    const name = agent
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '')
      .join('[\\s_-]*')
    if (name === '') continue
    const [said] = new RegExp(`^(?:(?:use|with|switch\\s+to)\\s+)?(?:the\\s+)?agent\\s+${name}(?![\\p{L}\\p{N}])`, 'iu').exec(
      text,
    ) ??
      new RegExp(`^(?:use|with|switch\\s+to)\\s+(?:the\\s+)?${name}\\s+agent(?![\\p{L}\\p{N}])`, 'iu').exec(text) ?? [undefined]
    if (said !== undefined) return { agent, said }
  }
  return undefined
}

function restOf(text: string, command: string): string {
  const rest = text.slice(command.length).replace(/^[\s,.:;!–—-]+(?:(?:and|then|to)\s+)?/i, '')
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}
