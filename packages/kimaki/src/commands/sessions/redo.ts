/** `/redo` brings back the oldest message that is undone, with its answer and its changes. */
import { changedByAgent } from '../../domain/changes.ts'
import { isIdle } from '../../domain/conversation/run/derive.ts'
import type { SlashCommand } from '../declaration.ts'
import { diffText, goBack, named, pageOf, patchesOf, undoneAfterRedo } from './going-back.ts'

export const redo: SlashCommand = {
  name: 'redo',
  description: 'Bring back what /undo took back, one message at a time (unrevert, restore)',
  where: 'session',
  visibility: 'public',
  options: [],
  run: (state) =>
    isIdle(state)
      ? { work: {}, meanwhile: 'prompts-wait' }
      : { reply: '✗ not brought back: the agent works\nWhat was undone is gone for good with the next message.' },
  async work(outside, task) {
    const { agent } = outside
    const { directory, session = '', args } = task
    const { back, from } = args
    if (typeof back !== 'string') {
      const history = await agent.sessions.history(directory, session)
      if (history instanceof Error) return history
      const { undoneFrom, messages } = history
      if (undoneFrom === undefined) return { reply: '⬦ nothing to redo: nothing is undone' }
      const words = messages.find(({ id }) => id === undoneFrom)?.words.slice(0, 200) ?? ''
      return { work: { back: undoneFrom, from: undoneAfterRedo(history)?.id ?? null, words } }
    }
    const done = await goBack({ agent }, directory, session, typeof from === 'string' ? from : undefined)
    if (done instanceof Error) return done
    const changed = await agent.sessions.changed(directory, session, back)
    const files = changed instanceof Error ? [] : changed.map(changedByAgent)
    const more = typeof from === 'string' ? '\nMore is undone: `/redo` again.' : ''
    return {
      reply: `✓ back again: ${named(String(args['words']))}\n${diffText(patchesOf(files))}${more}`,
      ...(await pageOf(outside, task, 'what /redo brought back', files)),
    }
  },
}
