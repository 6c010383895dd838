/** Who answers, and why: the words of `/model`, `/model-variant` and `/agent`. */
import type { InForce, Level } from '../../domain/models/in-force.ts'
import type { Scope } from '../../domain/models/preferences.ts'
import { NAME_MAX, plain } from '../../view/text/notice.ts'
import type { Around } from './around.ts'
import { modelText } from './menus.ts'

export const PLACES: Readonly<Record<Scope, string>> = {
  session: 'this thread',
  channel: 'this channel',
  global: 'all channels',
}

/** One line, and one for each choice that OpenCode cannot follow. */
export function inForceText(found: InForce): string {
  const { agent, model, missing } = found
  const who = agent === undefined ? '' : `, with the agent **${plain(agent, NAME_MAX)}**`
  const first = model ? `⬦ ${modelText(model)} answers here${who}: ${reasonOf(found)}` : NO_MODEL
  const lost = missing.map(
    ({ level, name }) => `✗ **${plain(name, NAME_MAX)}** is passed over: ${BY[level]}, but OpenCode does not offer it`,
  )
  return [first, ...lost].join('\n')
}

/** After `news`, which say what was chosen. */
export const chosenText = (news: string, { found, isForRun }: Pick<Around, 'found' | 'isForRun'>): string =>
  [news, inForceText(found), isForRun ? FROM_STEP : FROM_MESSAGE].join('\n')

const FROM_STEP = 'It counts from the next step of the agent on; nothing is stopped for it.'
const FROM_MESSAGE = 'It counts from the next message on.'

const NO_MODEL =
  '✗ no model answers here: OpenCode has no provider\nRun `/login` here, or `npx opencode auth login` on the machine of the bot, then try again.'

const reasonOf = ({ by, isKept }: InForce): string => (isKept && by !== 'session' ? `${BY[by]}, when the thread began` : BY[by])

const BY: Readonly<Record<Level, string>> = {
  session: 'chosen for this thread',
  agent: 'the agent has this model of its own',
  channel: 'chosen for this channel',
  global: 'chosen for all channels',
  'opencode-session': 'the session has it',
  config: "named in OpenCode's configuration",
  recent: "chosen last in OpenCode's terminal",
  'first-provider': 'the first that OpenCode has',
  none: 'nothing is chosen',
}
