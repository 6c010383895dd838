/** Holds components against `rules/components.ts`, and what no table says: rows, buttons, selects (docs: Components). */
import { COMPONENTS, OPTION_LISTS, OPTION_TEXTS, type ComponentRule } from '../../rules/components.ts'
import { COMPONENT as C } from '../../rules/types.ts'
import { isObject, type Form } from './form.ts'

type Fields = Readonly<Record<string, unknown>>
type Path = readonly (string | number)[]

/** Reports to the form what is wrong with one component and all it holds. */
export function checkComponent(form: Form, component: Fields, path: Path, allowed: readonly number[]): void {
  const type = Number(component.type)
  const rule = COMPONENTS[type]
  if (rule === undefined || !allowed.includes(type)) {
    const message = `Value of field "type" must be one of (${allowed.join(', ')},).`
    form.problem([...path, 'type'], 'UNION_TYPE_CHOICES', message)
    return
  }
  checkFields(form, component, path, rule)
  OWN_CHECKS[type]?.(form, component, path)
  for (const { field, of, min, max } of rule.children ?? []) {
    const children = listOf(component[field])
    if (children.length < min || children.length > max) {
      form.problem([...path, field], 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`)
    }
    const single = field !== 'components'
    children.forEach((child, index) => checkComponent(form, child, single ? [...path, field] : [...path, field, index], of))
  }
}

/** What a field holds: a list of objects, or one. */
function listOf(value: unknown): readonly Fields[] {
  return (Array.isArray(value) ? value : [value]).filter(isObject)
}

function checkFields(form: Form, component: Fields, path: Path, { texts, integers, media }: ComponentRule): void {
  const reader = form.reader(component, path)
  for (const [name, bounds] of Object.entries(texts ?? {})) reader.text(name, bounds)
  for (const [name, { required, ...bounds }] of Object.entries(integers ?? {})) {
    const value = reader.integer(name, bounds)
    if (required === true && value === undefined && !reader.has(name)) missing(form, [...path, name])
  }
  if (media !== undefined) checkMedia(form, component[media.field], [...path, media.field])
}

const OWN_CHECKS: Readonly<Record<number, (form: Form, component: Fields, path: Path) => void>> = {
  [C.actionRow]: checkRow,
  [C.button]: checkButton,
  [C.stringSelect]: checkOptions,
  [C.radioGroup]: checkOptions,
  [C.checkboxGroup]: checkOptions,
  [C.mediaGallery]: checkGallery,
}

/** Up to five buttons, or one select, or one text input; never a mixture. */
function checkRow(form: Form, { components }: Fields, path: Path): void {
  const children = listOf(components)
  const buttons = children.filter(({ type }) => type === C.button).length
  if (children.length === 0 || buttons === children.length || children.length === 1) return
  form.problem(path, 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The specified component exceeds the maximum width')
}

/** Styles 1 to 4 carry a custom_id, 5 an url, 6 a sku_id; a button shows a label or an emoji. */
function checkButton(form: Form, { style, custom_id, url, sku_id, label, emoji }: Fields, path: Path): undefined {
  const problem = (field: string, code: string, message: string) => form.problem([...path, field], code, message)
  if (![1, 2, 3, 4, 5, 6].includes(Number(style))) {
    return problem('style', 'BASE_TYPE_CHOICES', 'Value must be one of {1, 2, 3, 4, 5, 6}.')
  }
  const needed = style === 5 ? ['url', url] : style === 6 ? ['sku_id', sku_id] : ['custom_id', custom_id]
  if (needed[1] === undefined) missing(form, [...path, String(needed[0])])
  if (style === 5 && custom_id !== undefined) {
    problem('custom_id', 'BUTTON_COMPONENT_CUSTOM_ID_AND_URL', 'A custom id and url cannot both be specified')
  }
  if (style === 5 && typeof url === 'string' && !/^(https?|discord):\/\//.test(url)) {
    problem('url', 'URL_TYPE_INVALID_SCHEME', 'Scheme must be one of (http, https, discord).')
  }
  const shows = (typeof label === 'string' && label !== '') || isObject(emoji)
  if (!shows && style !== 6) problem('label', 'BUTTON_COMPONENT_LABEL_OR_EMOJI', 'A button must have a label or an emoji')
  return undefined
}

function checkOptions(form: Form, component: Fields, path: Path): void {
  const { min, max } = OPTION_LISTS[Number(component.type)] ?? { min: 0, max: 25 }
  const options = listOf(component.options)
  if (options.length < min || options.length > max) {
    form.problem([...path, 'options'], 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`)
  }
  options.forEach((option, index) => checkFields(form, option, [...path, 'options', index], { name: '', texts: OPTION_TEXTS }))
  const values = options.map(({ value }) => value)
  const repeated = values.findIndex((value, index) => values.indexOf(value) < index)
  if (repeated === -1) return
  const message = 'The specified option value is already used'
  form.problem([...path, 'options', repeated, 'value'], 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', message)
}

function checkGallery(form: Form, { items }: Fields, path: Path): void {
  const list = listOf(items)
  if (list.length < 1 || list.length > 10) {
    form.problem([...path, 'items'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 10 in length.')
  }
  list.forEach(({ media }, index) => checkMedia(form, media, [...path, 'items', index, 'media']))
}

/** `attachment://name` or an address on the web. */
function checkMedia(form: Form, media: unknown, path: Path): void {
  const url = isObject(media) ? media.url : undefined
  if (typeof url !== 'string') return missing(form, [...path, 'url'])
  if (/^(https?|attachment):\/\//.test(url)) return
  form.problem([...path, 'url'], 'URL_TYPE_INVALID_SCHEME', 'Scheme must be one of (http, https, attachment).')
}

function missing(form: Form, path: Path): void {
  form.problem(path, 'BASE_TYPE_REQUIRED', 'This field is required')
}
