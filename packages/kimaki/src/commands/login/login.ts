/**
 * `/login` logs OpenCode in at a provider of models, and out:
 *
 *     provider ─▶ way ─▶ questions of the plugin ─┬─▶ a key, in a modal ─▶ saved
 *                                                 └─▶ a link ─┬─▶ a code, in a modal ─▶ saved
 *                                                             └─▶ OpenCode waits until the person has finished there ─▶ saved
 *
 * Keys, codes and other words go straight to OpenCode (`Modal.secrets`). Where an earlier process had them, the person enters them again.
 */
import type { CommandAnswer } from '../../domain/conversation/command.ts'
import type { ButtonPress } from '../../domain/conversation/request.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { LogInMethod, LogInProvider } from '../../ports/agent/log-ins.ts'
import { NAME_MAX, plain } from '../../view/text/notice.ts'
import type { CommandTask, Outside, SlashCommand, Work } from '../declaration.ts'
import { BY_KEY, ended, entered, proceed, withProvider, type Step } from './steps.ts'
import { describe, FOUND_MAX, foundPage, inOrder, methodsPage, nameOf, outPage, providersPage } from './pages.ts'
import { placeOf, refOf } from './place.ts'
import { countsText } from './counts.ts'

const work: Work = async (outside, task) => {
  const { step, about = '', picked = '' } = task.args
  const next = Object.hasOwn(STEPS, String(step)) ? STEPS[String(step)] : undefined
  return next?.({ outside, task, about: String(about), picked: String(picked) }) ?? { reply: '✗ Run `/login` again.' }
}

export const login: SlashCommand = {
  name: 'login',
  description: 'Log in at a provider of models, or out (connect, authenticate, API key, subscription, logout, auth)',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  deed: 'log-in',
  decidesUnread: true,
  options: [
    {
      kind: 'string',
      name: 'provider',
      description: 'Part of its name; without it, you choose from a menu',
      required: false,
      autocomplete: true,
    },
  ],
  run: (_state, { options: { provider } }) => ({
    work: provider === undefined ? { step: 'providers', about: '0' } : { step: 'search', picked: provider },
  }),
  work,
  proposes: {
    async provider({ agent }, { directory, typed }) {
      const providers = await agent.logIns.providers(directory, true)
      if (providers instanceof Error) return providers
      return found(providers, typed)
        .filter(({ id }) => id.length <= VALUE_MAX)
        .slice(0, FOUND_MAX)
        .map((one) => ({ name: `${one.name} (${describe(one)})`, value: one.id }))
    },
  },
  buttons: {
    'login-providers': (page) => ({ work: { step: 'providers', about: page } }),
    'login-provider': (_about, press) => ({ work: { step: 'provider', about: chosenIn(press) } }),
    'login-method': (ref, press) => ({ work: { step: 'begin', about: `${ref}/${chosenIn(press)}/` } }),
    'login-choice': (about, press) => ({
      work: { step: 'begin', about: `${about}${about.endsWith('/') ? '' : '.'}${chosenIn(press)}` },
    }),
    'login-begin': (about) => ({ work: { step: 'begin', about } }),
    'login-enter': (about) => ({ work: { step: 'entered', about } }),
    'login-out': (ref) => ({ work: { step: 'out', about: ref } }),
    'login-out-now': (ref) => ({ work: { step: 'out-now', about: ref } }),
  },
}

/** Discord takes values of up to 100 characters. */
const VALUE_MAX = 100

const chosenIn = ({ chosen = [] }: ButtonPress): string => chosen[0] ?? ''

const STEPS: Readonly<Record<string, Step>> = {
  async providers({ outside, task, about }) {
    const providers = await outside.agent.logIns.providers(task.directory)
    return providers instanceof Error ? providers : { reply: providersPage(providers, Number(about)) }
  },
  async search({ outside, task, picked }) {
    const providers = await outside.agent.logIns.providers(task.directory)
    if (providers instanceof Error) return providers
    const typed = folded(picked.trim())
    const exact = providers.find(({ id }) => folded(id) === typed) ?? providers.find(({ name }) => folded(name) === typed)
    const alike = exact ? [exact] : found(providers, picked)
    const [first] = alike
    if (!first) return { reply: unknownText(picked) }
    if (alike.length > 1) return { reply: foundPage(alike, `⬦ ${alike.length} providers are called so`) }
    return methodsOf(outside, task, first)
  },
  provider: async (around) =>
    withProvider(around, placeOf(around.about).provider, async (one) => methodsOf(around.outside, around.task, one)),
  begin: async (around) => proceed(around, placeOf(around.about)),
  entered: async (around) => entered(around, placeOf(around.about)),
  wait: async (around) => ended(around, placeOf(around.about), undefined),
  out: async (around) => withProvider(around, around.about, async (one) => ({ reply: outPage(one) })),
  'out-now': async (around) =>
    withProvider(around, around.about, async (one) => {
      const { outside, task } = around
      const failed = await outside.agent.logIns.remove(task.directory, one.id)
      return failed ?? { reply: `✓ logged out at ${nameOf(one)}\n${await countsText(outside, task.directory)}` }
    }),
}

const unknownText = (typed: string): string =>
  `✗ OpenCode knows no provider of this name: **${plain(typed, NAME_MAX)}**\nRun \`/login\` to see them all. One of your own stands under \`provider\` in \`opencode.json\`.`

async function methodsOf(outside: Outside, task: CommandTask, provider: LogInProvider): Promise<CommandAnswer | AgentError> {
  const methods = await outside.agent.logIns.methods(task.directory, provider.id)
  if (methods instanceof Error) return methods
  const shown: readonly LogInMethod[] = methods.length === 0 ? [BY_KEY] : methods
  const isKnown = provider.status === 'logged-in' || shown.length > 1
  if (isKnown) return { reply: methodsPage(provider, shown) }
  return { work: { step: 'begin', about: `${refOf(provider.id)}/0/` } }
}

/** Every word stands in its name or its id. */
function found(providers: readonly LogInProvider[], typed: string): readonly LogInProvider[] {
  const words = folded(typed).split(/\s+/).filter(Boolean)
  return inOrder(providers).filter(({ id, name }) => words.every((word) => folded(`${id} ${name}`).includes(word)))
}

/** For finding a provider, and nothing else. */
const folded = (text: string): string => text.toLowerCase()
