/** Tags around what others may have written: nothing inside can end them, and what was put in can be read back exactly. */

export type Attributes = Readonly<Record<string, string>>

export function emptyTag(name: string, attributes: Attributes): string {
  return `<${opened(name, attributes)} />`
}

export function textTag(name: string, attributes: Attributes, text: string): string {
  return `<${opened(name, attributes)}>${text.replaceAll(UNSAFE_IN_TEXT, entity)}</${name}>`
}

/** `children` are tags themselves: each stands on a line of its own. */
export function groupTag(name: string, attributes: Attributes, children: readonly string[]): string {
  return children.length === 0 ? emptyTag(name, attributes) : rawTag(name, attributes, children.join('\n'))
}

/** The body stands as it is given, so whoever calls this sees to it that it does not end the tag. */
export function rawTag(name: string, attributes: Attributes, body: string): string {
  return `<${opened(name, attributes)}>\n${body}\n</${name}>`
}

function opened(name: string, attributes: Attributes): string {
  return [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${value.replaceAll(UNSAFE_IN_ATTRIBUTE, entity)}"`),
  ].join(' ')
}

function entity(character: string): string {
  return NAMED_ENTITIES.get(character) ?? `&#${character.codePointAt(0)};`
}

const NAMED_ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
])
/** What could end the attribute or its line, what cannot be seen, and what turns the direction of reading. */
const UNSAFE_IN_ATTRIBUTE = /[&<>"\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
/** What could open or end a tag, control characters but newline and tab, and halves of characters. */
const UNSAFE_IN_TEXT = /(?![\n\t])[&<>\p{Cc}\p{Cs}]/gu
