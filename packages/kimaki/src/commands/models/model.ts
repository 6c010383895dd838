/**
 * `/model` tells which model answers and why, and lets people choose another one:
 *
 *     provider ─▶ model ─▶ how much it thinks (if it has variants) ─▶ thread, channel or all channels
 *
 * or, with the option `model`, from the second arrow on.
 */
import type { CommandAnswer, CommandArgs } from '../../domain/conversation/command.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { Button, MessageContent } from '../../domain/conversation/posts/post.ts'
import type { ButtonPress } from '../../domain/conversation/request.ts'
import type { Chosen } from '../../domain/models/in-force.ts'
import { keyOf, modelName, modelOf, modelsOf, type Choices, type KnownModel } from '../../domain/models/choices.ts'
import type { Scope } from '../../domain/models/preferences.ts'
import { NAME_MAX, plain } from '../../view/text/notice.ts'
import type { SlashCommand, Work } from '../declaration.ts'
import { lookAround, type Around } from './around.ts'
import { foundMenu, modelMenu, modelText, NO_VARIANT, providerMenu, scopeMenu, variantMenu } from './menus.ts'
import { searched, valueOf } from './search.ts'
import { chosenText, inForceText, PLACES } from './told.ts'

export const work: Work = async (outside, task) => {
  const around = await lookAround(outside, task)
  if (around instanceof Error) return around
  const { step, about = '', picked = '' } = task.args
  const next = Object.hasOwn(STEPS, String(step)) ? STEPS[String(step)] : undefined
  return next?.(around, String(about), String(picked)) ?? { reply: inForceText(around.found) }
}

export const model: SlashCommand = {
  name: 'model',
  description: 'Which model answers here and why, and choosing another one (provider, llm, switch, default, unset)',
  where: 'channel-or-thread',
  visibility: 'public',
  options: [
    {
      kind: 'string',
      name: 'model',
      description: 'Part of its name; without it, you choose from menus',
      required: false,
      autocomplete: true,
    },
  ],
  run: (_state, { options }) => ({
    work: { step: options['model'] === undefined ? 'start' : 'search', picked: options['model'] ?? '' },
  }),
  work,
  proposes: {
    async model({ agent }, { directory, typed }) {
      const choices = await agent.catalog.choices(directory)
      if (choices instanceof Error) return choices
      return searched(choices, typed)
        .slice(0, PROPOSED_MAX)
        .map((found) => ({ name: modelName(found), value: valueOf(found) }))
    },
  },
  buttons: {
    'model-providers': (about) => ({ work: { step: 'providers', about } }),
    'model-provider': (_about, press) => ({ work: { step: 'models', about: `${chosenIn(press)}/0` } }),
    'model-models': (about) => ({ work: { step: 'models', about } }),
    'model-model': (_about, press) => ({ work: { step: 'model', picked: chosenIn(press) } }),
    'model-variants': (about) => ({ work: { step: 'variants', about } }),
    'model-variant': (about, press) => ({ work: { step: 'variant', about, picked: chosenIn(press) } }),
    'model-scope': (about, press) => ({ work: { step: 'scope', about, picked: chosenIn(press) } }),
    'model-clear': (about) => ({ work: { step: 'clear', about } }),
  },
}

const PROPOSED_MAX = 25

const chosenIn = ({ chosen = [] }: ButtonPress): string => chosen[0] ?? ''

/** `about`: what stands in the id; `picked`: what was chosen or typed. */
type Step = (around: Around, about: string, picked: string) => CommandAnswer

const STEPS: Readonly<Record<string, Step>> = {
  start: (around) => ({ reply: startPage(around, 0) }),
  providers: (around, page) => ({ reply: startPage(around, Number(page)) }),
  models({ choices }, about) {
    const [key, page] = about.split('/')
    const provider = choices.providers.find(({ id }) => keyOf(id) === key)
    return { reply: provider ? { text: '⬦ which model?', ...modelMenu(provider, Number(page)) } : gone('the provider') }
  },
  search({ choices, scopes }, _about, typed) {
    const exact = modelsOf(choices).find((one) => valueOf(one) === typed || modelName(one) === typed)
    const found = exact ? [exact] : searched(choices, typed)
    const [only] = found
    if (!only)
      return {
        reply: `✗ no model of a connected provider is called **${plain(typed, NAME_MAX)}**\nRun \`/model\` to see them all.`,
      }
    if (found.length > 1)
      return { reply: { text: `⬦ ${found.length} models are called so: the first ones`, ...foundMenu(found) } }
    return { reply: afterModel(only, scopes) }
  },
  model({ choices, scopes }, _about, key) {
    const found = modelWith(choices, key)
    return { reply: found ? afterModel(found, scopes) : gone('the model') }
  },
  variants({ choices, scopes }, about) {
    const [key = '', page] = about.split('/')
    const found = modelWith(choices, key)
    return { reply: found ? afterModel(found, scopes, Number(page)) : gone('the model') }
  },
  variant({ choices, scopes }, key, variant) {
    const found = modelWith(choices, key)
    if (!found || !isVariant(found, variant)) return { reply: gone('what was chosen') }
    return { reply: scopePage(found, variant, scopes) }
  },
  scope({ choices, scopes }, about, wanted) {
    const [key = '', variant = ''] = about.split('/')
    const found = modelWith(choices, key)
    const scope = scopes.find((one) => one === wanted)
    if (!found || !scope || !isVariant(found, variant)) return { reply: gone('what was chosen') }
    const value = { provider: found.provider, model: found.id, variant: found.variants.find((name) => keyOf(name) === variant) }
    return {
      requests: [{ kind: 'set-preference', scope, change: { name: 'model', value } }],
      work: told(`✓ ${modelText(value)} is chosen for ${PLACES[scope]}`),
    }
  },
  clear({ scopes }, about) {
    const scope = scopes.find((one) => one === about)
    if (!scope) return { reply: gone('what was chosen') }
    return {
      requests: [{ kind: 'set-preference', scope, change: { name: 'model', value: undefined } }],
      work: told(`✓ no model is chosen for ${PLACES[scope]} any more`),
    }
  },
  current({ choices, found, scopes }) {
    const current = found.model && modelOf(choices, found.model)
    if (!current) return { reply: inForceText(found) }
    if (current.variants.length > 0) return { reply: afterModel(current, scopes) }
    return {
      reply: `⬦ ${modelText({ ...current, model: current.id, variant: undefined })} thinks in one way only\nRun \`/model\` to choose another model.`,
    }
  },
  told: (around, _about, news) => ({ reply: chosenText(news, around) }),
}

/** What is in force is looked up when the choice is on record. */
const told = (news: string): CommandArgs => ({ step: 'told', picked: news })

const modelWith = (choices: Choices, key: string): KnownModel | undefined =>
  modelsOf(choices).find((one) => keyOf(modelName(one)) === key)

const isVariant = ({ variants }: KnownModel, key: string): boolean =>
  key === NO_VARIANT || variants.some((name) => keyOf(name) === key)

const gone = (what: string): string => `✗ ${what} is not offered any more: OpenCode's list has changed\nRun \`/model\` again.`

function startPage({ choices, found, chosen, scopes }: Around, page: number): MessageContent {
  const current = found.model && modelOf(choices, found.model)
  const menu = providerMenu(choices, page)
  const thinking =
    current && current.variants.length > 0
      ? [button('model-variants', `${keyOf(modelName(current))}/0`, 'How much it thinks')]
      : []
  return { text: inForceText(found), ...menu, buttons: [...menu.buttons, ...thinking, ...clearing(chosen, scopes)] }
}

const clearing = (chosen: Chosen, scopes: readonly Scope[]): readonly Button[] =>
  scopes.filter((scope) => chosen[scope].model).map((scope) => button('model-clear', scope, `Clear for ${PLACES[scope]}`))

function afterModel(chosen: KnownModel, scopes: readonly Scope[], page = 0): MessageContent {
  if (chosen.variants.length === 0) return scopePage(chosen, NO_VARIANT, scopes)
  return { text: `⬦ ${nameOf(chosen)}: how much is it to think?`, ...variantMenu(chosen, page) }
}

const scopePage = (chosen: KnownModel, variant: string, scopes: readonly Scope[]): MessageContent => ({
  text: `⬦ ${nameOf(chosen)}: where is it to answer?`,
  ...scopeMenu(chosen, variant, scopes),
})

const nameOf = ({ provider, id }: KnownModel): string => modelText({ provider, model: id, variant: undefined })
