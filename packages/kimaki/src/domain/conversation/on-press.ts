/**
 * A button is pressed. Its id names what it is about, so a press that comes late, twice or after a restart is either still right or
 * void: `unqueue:<prompt>` takes one prompt out of the queue, `stop:<user message>` ends the run that answers this message,
 * `stop-shell:<command>` ends a shell command.
 */
import { endTogether, unchanged, type Change } from './change.ts'
import type { Press } from './input.ts'
import { stopRun } from './on-outcome.ts'
import { removeFromQueue } from './queue.ts'
import { coveredPrompts, isIdle, newestUser } from './run.ts'
import { stopCommand } from './shell.ts'
import type { Conversation } from './state.ts'

export function onPress(state: Conversation, { customId, userName }: Press): Change {
  const [action, about] = [customId.slice(0, customId.indexOf(':')), customId.slice(customId.indexOf(':') + 1)]
  if (action === 'unqueue') {
    const prompt = state.prompts.find(({ id }) => id === about)
    return unchanged(prompt ? removeFromQueue(state, prompt, userName) : state)
  }
  if (action === 'stop-shell') return stopCommand(state, about, userName)
  return action === 'stop' && newestUser(state)?.id === about ? stopForPerson(state, userName) : unchanged(state)
}

/** The run ends with all that it has read; what waits in the queue goes on. */
function stopForPerson(state: Conversation, by: string): Change {
  const covered = new Set(coveredPrompts(state).map(({ id }) => id))
  if (isIdle(state) || covered.size === 0) return unchanged(state)
  return stopRun(endTogether(state, ({ id }) => covered.has(id), { kind: 'stopped-by', by }))
}
