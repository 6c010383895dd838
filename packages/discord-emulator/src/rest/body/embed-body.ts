/** Embeds of a message body: Discord's limits, and the shape in which it answers (docs: Message > Embed Limits). */
import { LIMITS } from '../../rules/limits.ts'
import { isObject, type Form } from './form.ts'

type Fields = Readonly<Record<string, unknown>>

export function readEmbeds(form: Form): readonly unknown[] {
  const embeds = (form.list('embeds', LIMITS.embeds) ?? []).filter(isObject)
  embeds.forEach((embed, index) => checkEmbed(form, embed, index))
  const total = embeds.flatMap(textsOf).reduce((sum, { text }) => sum + text.length, 0)
  if (total > LIMITS.embedTotal) {
    form.problem(['embeds'], 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${LIMITS.embedTotal}`)
  }
  return embeds.map(answered)
}

function checkEmbed(form: Form, embed: Fields, index: number): void {
  const fields = fieldsOf(embed)
  if (fields.length > LIMITS.embed.fields) {
    form.problem(['embeds', index, 'fields'], 'BASE_TYPE_MAX_LENGTH', `Must be ${LIMITS.embed.fields} or fewer in length.`)
  }
  for (const { path, text, max } of textsOf(embed)) {
    if (text.length > max) form.problem(['embeds', index, ...path], 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`)
  }
}

interface Text {
  readonly path: readonly (string | number)[]
  readonly text: string
  readonly max: number
}

/** Every text that counts, trimmed as Discord trims before it counts. */
function textsOf(embed: Fields): readonly Text[] {
  const { embed: max } = LIMITS
  const nested = (name: string, key: string) => (isObject(embed[name]) ? embed[name][key] : undefined)
  const candidates = [
    { path: ['title'], text: embed.title, max: max.title },
    { path: ['description'], text: embed.description, max: max.description },
    { path: ['footer', 'text'], text: nested('footer', 'text'), max: max.footer },
    { path: ['author', 'name'], text: nested('author', 'name'), max: max.author },
    ...fieldsOf(embed).flatMap(({ name, value }, index) => [
      { path: ['fields', index, 'name'], text: name, max: max.fieldName },
      { path: ['fields', index, 'value'], text: value, max: max.fieldValue },
    ]),
  ]
  return candidates.map(({ path, text, max }) => ({ path, text: typeof text === 'string' ? text.trim() : '', max }))
}

const fieldsOf = ({ fields }: Fields): readonly Fields[] => (Array.isArray(fields) ? fields.filter(isObject) : [])

function answered(embed: Fields): Fields {
  const fields = fieldsOf(embed).map(({ name, value, inline }) => ({ name, value, inline: inline === true }))
  return { ...embed, type: 'rich', ...(fields.length === 0 ? {} : { fields }) }
}
