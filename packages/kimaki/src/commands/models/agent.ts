/** `/agent` chooses who answers: in a thread for the thread, in a channel for the channel. */
import type { CommandAnswer } from '../../domain/conversation/command.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import { agentsOf, keyOf } from '../../domain/models/choices.ts'
import { NAME_MAX, plain } from '../../view/text/notice.ts'
import type { SlashCommand, Work } from '../declaration.ts'
import { lookAround, type Around } from './around.ts'
import { agentMenu } from './menus.ts'
import { chosenText, inForceText, PLACES } from './told.ts'

const work: Work = async (outside, task) => {
  const around = await lookAround(outside, task)
  if (around instanceof Error) return around
  const { step, picked = '' } = task.args
  if (step === 'told') return { reply: chosenText(String(picked), around) }
  if (step === 'pick') return pick(around, String(picked))
  if (step === 'clear') return setting(around, undefined)
  return page(around, Number(picked))
}

export const agent: SlashCommand = {
  name: 'agent',
  description: 'Which agent answers here, and choosing another one (mode, plan, build, persona)',
  where: 'channel-or-thread',
  visibility: 'public',
  options: [
    {
      kind: 'string',
      name: 'agent',
      description: 'Its name; without it, you choose from a menu',
      required: false,
      autocomplete: true,
    },
  ],
  run: (_state, { options: { agent: name } }) => ({
    work: name === undefined ? { step: 'page', picked: 0 } : { step: 'pick', picked: name },
  }),
  work,
  proposes: {
    async agent(outside, { directory, typed }) {
      const choices = await outside.agent.catalog.choices(directory)
      if (choices instanceof Error) return choices
      const names = agentsOf(choices).map(({ name }) => name)
      return names
        .filter((name) => name.toLowerCase().includes(typed.toLowerCase()) && name.length <= 100)
        .map((name) => ({ name, value: name }))
    },
  },
  buttons: {
    'agent-pick': (_about, { chosen = [] }) => ({ work: { step: 'pick', picked: chosen[0] ?? '' } }),
    'agent-page': (about) => ({ work: { step: 'page', picked: Number(about) } }),
    'agent-clear': () => ({ work: { step: 'clear' } }),
  },
}

function page({ choices, found, chosen, scopes }: Around, wanted: number): CommandAnswer {
  const menu = agentMenu(agentsOf(choices), found.agent, wanted)
  const [scope = 'channel'] = scopes
  const clear = chosen[scope].agent === undefined ? [] : [button('agent-clear', scope, `Clear for ${PLACES[scope]}`)]
  return { reply: { text: inForceText(found), ...menu, buttons: [...menu.buttons, ...clear] } }
}

/** By its name, or by its key. */
function pick(around: Around, picked: string): CommandAnswer {
  const agents = agentsOf(around.choices)
  const known = agents.find(({ name }) => name === picked) ?? agents.find(({ name }) => keyOf(name) === picked)
  if (!known)
    return { reply: `✗ the project has no agent of this name: **${plain(picked, NAME_MAX)}**\nRun \`/agent\` to see them all.` }
  return setting(around, known.name)
}

function setting({ found, scopes: [scope = 'channel'] }: Around, name: string | undefined): CommandAnswer {
  const before = found.agent === undefined || found.agent === name ? '' : ` (before: **${plain(found.agent, NAME_MAX)}**)`
  const news =
    name === undefined
      ? `✓ no agent is chosen for ${PLACES[scope]} any more`
      : `✓ the agent **${plain(name, NAME_MAX)}** is chosen for ${PLACES[scope]}${before}`
  return {
    requests: [{ kind: 'set-preference', scope, change: { name: 'agent', value: name } }],
    work: { step: 'told', picked: news },
  }
}
