/**
 * The menus of `/model`, `/model-variant` and `/agent`. What was chosen so far stands in the ids, as keys of names: so each step works
 * after a restart, and what is gone from OpenCode's list since is noticed.
 */
import { button } from '../../domain/conversation/posts/button.ts'
import type { Select } from '../../domain/conversation/posts/post.ts'
import {
  keyOf,
  modelName,
  newestFirst,
  providersOf,
  type Choices,
  type KnownAgent,
  type KnownModel,
  type KnownProvider,
} from '../../domain/models/choices.ts'
import type { Scope } from '../../domain/models/preferences.ts'
import { NAME_MAX, plain } from '../../view/text/notice.ts'
import { option, paged, PAGE_SIZE, select, type Menu } from '../paged.ts'

type Options = Select['options']

/** The variant that is none: the model thinks as its provider has it. */
export const NO_VARIANT = '-'

export function providerMenu(choices: Choices, page: number): Menu {
  const options = providersOf(choices).map(({ id, name, models }) => option(keyOf(id), name, `${id}, ${count(models.length)}`))
  return paged({ id: button('model-provider', '', '').id, placeholder: 'Choose a provider', options }, page, (other, label) =>
    button('model-providers', String(other), label),
  )
}

export function modelMenu(provider: KnownProvider, page: number): Menu {
  const key = keyOf(provider.id)
  const menu = {
    id: button('model-model', '', '').id,
    placeholder: 'Choose a model',
    options: newestFirst(provider.models).map(modelOption),
  }
  const turned = paged(menu, page, (other, label) => button('model-models', `${key}/${other}`, label))
  return { ...turned, buttons: [...turned.buttons, button('model-providers', '0', 'Other providers')] }
}

/** Of a search: as many as a menu holds. */
export const foundMenu = (found: readonly KnownModel[]): Menu => ({
  select: select(button('model-model', '', '').id, 'Choose a model', found.slice(0, PAGE_SIZE).map(modelOption)),
  buttons: [button('model-providers', '0', 'All providers')],
})

export function variantMenu(model: KnownModel, page: number): Menu {
  const key = keyOf(modelName(model))
  const options = [option(NO_VARIANT, 'as its provider has it'), ...model.variants.map((name) => option(keyOf(name), name))]
  const menu = { id: button('model-variant', key, '').id, placeholder: 'How much it thinks', options }
  return paged(menu, page, (other, label) => button('model-variants', `${key}/${other}`, label))
}

/** `variant`: its key, or `NO_VARIANT`. */
export const scopeMenu = (model: KnownModel, variant: string, scopes: readonly Scope[]): Menu => ({
  select: select(
    button('model-scope', `${keyOf(modelName(model))}/${variant}`, '').id,
    'Where',
    scopes.map((scope) => option(scope, SCOPES[scope].label, SCOPES[scope].description)),
  ),
  buttons: [],
})

const SCOPES: Readonly<Record<Scope, { readonly label: string; readonly description: string }>> = {
  session: { label: 'This thread', description: 'this session only' },
  channel: { label: 'This channel', description: 'this thread, and new ones in the channel' },
  global: { label: 'All channels', description: 'this thread, and new ones in every channel that has no model of its own' },
}

export function agentMenu(agents: readonly KnownAgent[], inForce: string | undefined, page: number): Menu {
  const options = agents.map(({ name, description }) => ({
    ...option(keyOf(name), name, description),
    ...(name === inForce && { isPicked: true as const }),
  }))
  const menu = { id: button('agent-pick', '', '').id, placeholder: 'Choose an agent', options }
  return paged(menu, page, (other, label) => button('agent-page', String(other), label))
}

/** `**provider/model** (`variant`)`. */
export const modelText = ({
  provider,
  model,
  variant,
}: {
  provider: string
  model: string
  variant: string | undefined
}): string =>
  `**${plain(`${provider}/${model}`, NAME_MAX * 2)}**${variant === undefined ? '' : ` (\`${plain(variant, NAME_MAX)}\`)`}`

const modelOption = (model: KnownModel): Options[number] => option(keyOf(modelName(model)), model.name, modelName(model))

const count = (models: number): string => (models === 1 ? 'one model' : `${models} models`)
