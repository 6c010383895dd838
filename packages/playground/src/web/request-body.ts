/** The bodies of requests, looked at. What is not as wanted throws in words that the page can show. */
import type { OptionValue, Upload } from 'discord-emulator'

type Strings<Names extends readonly string[]> = { readonly [Index in keyof Names]: string }

/** The strings of these names, in this order. */
export function stringsIn<const Names extends readonly string[]>(body: unknown, names: Names): Strings<Names> {
  const values = names.map((name) => fieldOf(body, name))
  if (!values.every((value) => typeof value === 'string')) throw new Error(`Wanted: ${names.join(', ')}`)
  return values as unknown as Strings<Names>
}

/** A text of this name, if there is one. */
export function stringIn(body: unknown, name: string): string | undefined {
  const value = fieldOf(body, name)
  return typeof value === 'string' ? value : undefined
}

/** Files to go with a message; none where nothing is said of them. */
export function filesIn(body: unknown): readonly Upload[] {
  const files = fieldOf(body, 'files') ?? []
  if (!Array.isArray(files)) throw new Error('Wanted: files')
  return files.map(fileOf)
}

/** By name: texts, numbers, truths and files. */
export function optionsIn(body: unknown): Readonly<Record<string, OptionValue>> {
  const options = fieldOf(body, 'options') ?? {}
  if (typeof options !== 'object') throw new Error('Wanted: options by name')
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, optionOf(value)]))
}

/** What is filled into the fields of a form, by their ids. */
export function filledIn(body: unknown): Readonly<Record<string, string | readonly Upload[]>> {
  const fields = fieldOf(body, 'fields')
  if (typeof fields !== 'object' || fields === null) throw new Error('Wanted: words or files by field')
  return Object.fromEntries(
    Object.entries(fields).map(([id, value]: [string, unknown]) => {
      if (typeof value === 'string') return [id, value]
      if (!Array.isArray(value)) throw new Error('Wanted: words or files by field')
      return [id, value.map(fileOf)]
    }),
  )
}

function optionOf(value: unknown): OptionValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : fileOf(value)
}

function fileOf(value: unknown): Upload {
  const [name, contentType, data] = stringsIn(value, ['name', 'type', 'data'])
  return { name, ...(contentType !== '' && { contentType }), data: Buffer.from(data, 'base64') }
}

const fieldOf = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined
