/** Turns what a person fills into a command's options into interaction data, by the rules their client enforces. */
import type { OptionValue, Upload } from '../../api.ts'
import { OPTION } from '../../rules/types.ts'
import { formRefusal } from '../base/discord-error.ts'
import type { DraftFile } from '../messages/draft.ts'
import type { Named } from './resolve.ts'
import type { AttachmentRecord, Fields } from '../realm/records.ts'

export interface FilledOptions {
  readonly options: readonly Fields[]
  readonly named: Named
}

interface Filling {
  readonly values: Readonly<Record<string, OptionValue>>
  /** The option being typed: then nothing is required and nothing held to its limits. */
  readonly focused: string | undefined
  readonly keep: (file: DraftFile) => AttachmentRecord
}

/** `path` names the subcommand: none, `sub`, or `group sub`. Throws 50035 for what the client would not send. */
export function fillOptions(command: Fields, path: readonly string[], filling: Filling): FilledOptions {
  const [step, ...rest] = path
  const declared = optionsOf(command)
  if (step !== undefined) {
    const inner = declared.find(({ name, type }) => name === step && isNested(type))
    if (inner === undefined) throw wrong(step, 'There is no such subcommand')
    const filled = fillOptions(inner, rest, filling)
    return { ...filled, options: [{ name: inner.name, type: inner.type, options: filled.options }] }
  }
  if (declared.some(({ type }) => isNested(type))) throw wrong(String(command.name), 'A subcommand has to be named')
  const unknown = Object.keys(filling.values).find((name) => !declared.some((option) => option.name === name))
  if (unknown !== undefined) throw wrong(unknown, 'There is no such option')
  const attachments: AttachmentRecord[] = []
  const options = declared.flatMap((option): readonly Fields[] => {
    const { name, type } = option
    const value = filling.values[String(name)]
    if (value === undefined && (option.required !== true || filling.focused !== undefined)) return []
    if (value === undefined) throw wrong(String(name), 'This field is required')
    if (typeof value === 'object') {
      const stored = filling.keep(uploadOf(value))
      attachments.push(stored)
      return [{ name, type, value: stored.id }]
    }
    if (name === filling.focused) return [{ name, type, value: String(value), focused: true }]
    if (filling.focused === undefined) check(option, value)
    return [{ name, type, value }]
  })
  return { options, named: { ...namedIn(options), attachments } }
}

/** An upload as the world stores it. */
export function uploadOf({ name, contentType, data, durationSeconds, waveform }: Upload): DraftFile {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
  return {
    name,
    contentType,
    data: bytes,
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(waveform === undefined ? {} : { waveform }),
  }
}

const isNested = (type: unknown) => type === OPTION.subcommand || type === OPTION.group

const optionsOf = ({ options }: Fields) => (Array.isArray(options) ? (options as readonly Fields[]) : [])

function namedIn(options: readonly Fields[]): Named {
  const of = (...types: readonly number[]) =>
    options.filter(({ type }) => types.includes(Number(type))).map(({ value }) => String(value))
  return {
    users: of(OPTION.user, OPTION.mentionable),
    roles: of(OPTION.role, OPTION.mentionable),
    channels: of(OPTION.channel),
  }
}

const KINDS: Readonly<Record<number, 'string' | 'number' | 'boolean'>> = {
  [OPTION.string]: 'string',
  [OPTION.integer]: 'number',
  [OPTION.number]: 'number',
  [OPTION.boolean]: 'boolean',
  [OPTION.user]: 'string',
  [OPTION.channel]: 'string',
  [OPTION.role]: 'string',
  [OPTION.mentionable]: 'string',
}

function check(option: Fields, value: string | number | boolean): void {
  const { type, choices, min_value, max_value, min_length, max_length } = option
  const fail = (message: string) => wrong(String(option.name), message)
  if (typeof value !== KINDS[Number(type)]) throw fail(`Value "${value}" has the wrong type`)
  if (type === OPTION.integer && !Number.isSafeInteger(value)) throw fail(`Value "${value}" is not int.`)
  const size = typeof value === 'string' ? value.length : Number(value)
  const [least, most] = typeof value === 'string' ? [min_length, max_length ?? 6000] : [min_value, max_value]
  if (typeof least === 'number' && size < least) throw fail(`Must be at least ${least}`)
  if (typeof most === 'number' && size > most) throw fail(`Must be at most ${most}`)
  const offered = Array.isArray(choices) ? (choices as readonly Fields[]) : []
  if (offered.length > 0 && !offered.some((choice) => choice.value === value)) throw fail('Value is none of the choices')
}

function wrong(name: string, message: string) {
  return formRefusal([{ path: ['data', 'options', name], code: 'INTERACTION_APPLICATION_COMMAND_OPTION_INVALID', message }])
}
