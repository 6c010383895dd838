/**
 * A button is pressed. Its id names what it is about, so a press that comes late, twice or after a restart is either still right or
 * void: `unqueue:<prompt>` takes one prompt out of the queue, `stop:<user message>` ends the run that answers this message, `stop-all:` the
 * same with what the agent has not read yet, `stop-shell:<command>` ends a shell command.
 */
import { unchanged, type Change } from './change.ts'
import type { Press } from './input.ts'
import { removeFromQueue } from './queue.ts'
import { questionUnderWay } from './run.ts'
import { stopCommand } from './shell.ts'
import { stopForPerson } from './stop.ts'
import type { Conversation } from './state.ts'

export function onPress(state: Conversation, { customId, userName }: Press): Change {
  const [action, about] = [customId.slice(0, customId.indexOf(':')), customId.slice(customId.indexOf(':') + 1)]
  if (action === 'unqueue') {
    const prompt = state.prompts.find(({ id }) => id === about)
    return unchanged(prompt ? removeFromQueue(state, prompt, userName) : state)
  }
  if (action === 'stop-shell') return stopCommand(state, about, userName)
  const stops = (action === 'stop' || action === 'stop-all') && questionUnderWay(state) === about
  return stops ? stopForPerson(state, userName, action === 'stop' ? 'keep' : 'drop') : unchanged(state)
}
