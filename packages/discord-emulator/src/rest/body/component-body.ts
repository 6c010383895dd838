/** Components of a message body: Discord's limits, and the shape in which it answers (docs: Components > Component Reference). */
import { TOP_LEVEL } from '../../rules/components.ts'
import { LIMITS } from '../../rules/limits.ts'
import { COMPONENT as C } from '../../rules/types.ts'
import { checkComponent } from './component-check.ts'
import { isObject, type Form } from './form.ts'

type Fields = Readonly<Record<string, unknown>>

/** `componentsOnly`: the message has IS_COMPONENTS_V2, which excludes content and embeds. */
export function readComponents(form: Form, componentsOnly: boolean): readonly unknown[] {
  const components = (form.list('components', componentsOnly ? LIMITS.components : LIMITS.actionRows) ?? []).filter(isObject)
  const allowed = componentsOnly ? TOP_LEVEL.layout : TOP_LEVEL.rows
  components.forEach((component, index) => checkComponent(form, component, ['components', index], allowed))
  const all = components.flatMap(withChildren)
  for (const { type } of all) if (type === C.textInput) wrongPlace(form)
  if (componentsOnly) checkComponentsOnly(form, all)
  return numbered(form, components, all)
}

/** Components of a modal: inputs in labels (docs: Components > Label), each with a custom_id of its own. */
export function readModalComponents(form: Form): readonly unknown[] {
  const components = (form.list('components', LIMITS.modalComponents) ?? []).filter(isObject)
  if (components.length === 0) form.problem(['components'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.')
  components.forEach((component, index) => checkComponent(form, component, ['components', index], TOP_LEVEL.modal))
  const all = components.flatMap(withChildren)
  const rows = components.filter(({ type }) => type === C.actionRow)
  if (rows.flatMap(childrenOf).some(({ type }) => type !== C.textInput)) wrongPlace(form)
  all
    .filter(({ disabled }) => disabled === true)
    .forEach(() => {
      form.problem(['components'], 'COMPONENT_DISABLED_IN_MODAL', 'Components in a modal cannot be disabled')
    })
  return numbered(form, components, all)
}

function numbered(form: Form, components: readonly Fields[], all: readonly Fields[]): readonly unknown[] {
  checkCustomIds(form, all)
  const ids = numbering(all)
  return components.map((component) => answered(component, ids))
}

/** Text inputs belong into modals, buttons and selects of a row into messages. */
function wrongPlace(form: Form): void {
  form.problem(['components'], 'UNION_TYPE_CHOICES', 'A component of this type is not allowed here.')
}

function withChildren(component: Fields): readonly Fields[] {
  return [component, ...childrenOf(component).flatMap(withChildren)]
}

function childrenOf({ components, accessory, component }: Fields): readonly Fields[] {
  return [...(Array.isArray(components) ? components : []), accessory, component].filter(isObject)
}

/** IS_COMPONENTS_V2 excludes text, embeds, stickers and polls. */
export function checkNoLegacyFields(form: Form): void {
  for (const field of ['content', 'embeds', 'sticker_ids', 'poll'] as const) {
    const value = form.fields[field]
    const used = (typeof value === 'string' && value !== '') || (Array.isArray(value) && value.length > 0) || isObject(value)
    const message = 'The field cannot be used when using MessageFlags.IS_COMPONENTS_V2'
    if (used) form.problem([field], 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', message)
  }
}

/** Components and the characters of their texts, nested ones counted. */
function checkComponentsOnly(form: Form, all: readonly Fields[]): void {
  if (all.length > LIMITS.components) {
    form.problem(['components'], 'BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${LIMITS.components} in length.`)
  }
  const texts = all
    .filter(({ type }) => type === C.textDisplay)
    .map(({ content }) => (typeof content === 'string' ? content : ''))
  if (texts.reduce((sum, text) => sum + text.length, 0) > LIMITS.componentText) {
    const message = `The total text of the components must be ${LIMITS.componentText} or fewer in length.`
    form.problem(['components'], 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', message)
  }
}

function checkCustomIds(form: Form, all: readonly Fields[]): void {
  const ids = all.map(({ custom_id }) => custom_id).filter((id) => typeof id === 'string')
  if (new Set(ids).size < ids.length) {
    form.problem(['components'], 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated')
  }
}

/** Components without an id are numbered from 1, past those taken. */
function numbering(all: readonly Fields[]): ReadonlyMap<Fields, number> {
  const taken = new Set(all.map(({ id }) => id))
  let next = 1
  return new Map(
    all.map((component) => {
      if (typeof component.id === 'number' && component.id > 0) return [component, component.id]
      while (taken.has(next)) next += 1
      return [component, next++]
    }),
  )
}

/** What Discord fills in, by component type. */
const DEFAULTS: Readonly<Record<number, Fields>> = {
  3: { min_values: 1, max_values: 1 },
  5: { min_values: 1, max_values: 1 },
  6: { min_values: 1, max_values: 1 },
  7: { min_values: 1, max_values: 1 },
  8: { min_values: 1, max_values: 1 },
  11: { description: null, spoiler: false },
  13: { name: null, size: null, spoiler: false },
  14: { spacing: 1, divider: true },
  17: { accent_color: null, spoiler: false },
}

function answered(component: Fields, ids: ReadonlyMap<Fields, number>): Fields {
  const { components, accessory, items, media, file, component: labelled } = component
  const inner = (child: Fields) => answered(child, ids)
  return {
    ...DEFAULTS[Number(component.type)],
    ...component,
    id: ids.get(component) ?? 0,
    ...(Array.isArray(components) ? { components: components.filter(isObject).map(inner) } : {}),
    ...(isObject(labelled) ? { component: inner(labelled) } : {}),
    ...(isObject(accessory) ? { accessory: inner(accessory) } : {}),
    ...(Array.isArray(items) ? { items: items.filter(isObject).map(answeredItem) } : {}),
    ...(isObject(media) ? { media: answeredMedia(media) } : {}),
    ...(isObject(file) ? { file: answeredMedia(file) } : {}),
  }
}

function answeredItem(item: Fields): Fields {
  return { description: null, spoiler: false, ...item, ...(isObject(item.media) ? { media: answeredMedia(item.media) } : {}) }
}

/** Media is named, not fetched: no sizes. */
function answeredMedia({ url }: Fields): Fields {
  return { id: '0', url, proxy_url: url, width: null, height: null, content_type: null }
}
