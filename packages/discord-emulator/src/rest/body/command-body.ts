/** What Discord checks of application commands (docs: Application Commands > Application Command Object). */
import { LIMITS } from '../../rules/limits.ts'
import { formRefusal, type FormProblem } from '../../world/base/discord-error.ts'
import { isObject } from './form.ts'

type Fields = Readonly<Record<string, unknown>>
type Path = readonly (string | number)[]

/** Throws 50035 with everything that is wrong. */
export function checkCommands(commands: readonly Fields[]): void {
  const problems = [...commands.flatMap((command, index) => commandProblems(command, [index])), ...duplicates(commands)]
  if (problems.length > 0) throw formRefusal(problems)
}

/** One by itself: problems stand at the top of the body. */
export function checkCommand(command: Fields): void {
  const problems = commandProblems(command, [])
  if (problems.length > 0) throw formRefusal(problems)
}

const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u

function commandProblems(command: Fields, path: Path): readonly FormProblem[] {
  const chatInput = command.type === 1
  const own = chatInput
    ? [...nameProblems(command, path), ...descriptionProblems(command, path), ...optionListProblems(command, path)]
    : lengthProblems(command.name, [...path, 'name'], 32)
  if (totalLength(command) <= LIMITS.commandTotal) return own
  const message = `Command exceeds maximum size (${LIMITS.commandTotal})`
  return [...own, { path, code: 'APPLICATION_COMMAND_TOO_LARGE', message }]
}

function optionListProblems({ options }: Fields, path: Path, depth = 0): readonly FormProblem[] {
  const list = (Array.isArray(options) ? options : []).filter(isObject)
  const at = [...path, 'options']
  return [
    ...countProblems(list, at, LIMITS.commandOptions),
    ...orderProblems(list, at),
    ...list.flatMap((option, index) => [
      ...nameProblems(option, [...at, index]),
      ...descriptionProblems(option, [...at, index]),
      ...typeProblems(option, [...at, index], depth),
      ...choiceProblems(option, [...at, index]),
      ...optionListProblems(option, [...at, index], depth + 1),
    ]),
    ...duplicateOptions(list, at),
  ]
}

/** Groups hold subcommands, subcommands hold values; one level of groups (docs: Subcommands and Subcommand Groups). */
function typeProblems({ type }: Fields, path: Path, depth: number): readonly FormProblem[] {
  const fits = Number.isInteger(type) && Number(type) >= 1 && Number(type) <= 11 && (depth < 2 || Number(type) > 2)
  const nested = depth === 1 && type === 2
  if (fits && !nested) return []
  const message = 'Sub-command option type is invalid here'
  return [{ path: [...path, 'type'], code: 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', message }]
}

/** At most 25, texts of 1 to 100 characters; not together with autocomplete. */
function choiceProblems({ choices, autocomplete, type }: Fields, path: Path): readonly FormProblem[] {
  const list = (Array.isArray(choices) ? choices : []).filter(isObject)
  const at = [...path, 'choices']
  const message = 'Choices and autocomplete are mutually exclusive'
  return [
    ...countProblems(list, at, LIMITS.commandChoices),
    ...list.flatMap(({ name, value }, index) => [
      ...lengthProblems(name, [...at, index, 'name'], 100),
      ...(type === 3 ? lengthProblems(value, [...at, index, 'value'], 100) : []),
    ]),
    ...(autocomplete === true && list.length > 0
      ? [{ path: at, code: 'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES', message }]
      : []),
  ]
}

function duplicateOptions(options: readonly Fields[], path: Path): readonly FormProblem[] {
  const names = options.map(({ name }) => name)
  const repeated = names.findIndex((name, index) => names.indexOf(name) < index)
  const message = 'Option names must be unique'
  return repeated === -1 ? [] : [{ path: [...path, repeated], code: 'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS', message }]
}

function nameProblems({ name }: Fields, path: Path): readonly FormProblem[] {
  const text = typeof name === 'string' ? name : ''
  if (NAME.test(text) && text === text.toLowerCase()) return []
  const message = 'Command name is invalid'
  return [{ path: [...path, 'name'], code: 'APPLICATION_COMMAND_INVALID_NAME', message }]
}

const descriptionProblems = ({ description }: Fields, path: Path) => lengthProblems(description, [...path, 'description'], 100)

function lengthProblems(value: unknown, path: Path, max: number): readonly FormProblem[] {
  if (typeof value !== 'string') return [{ path, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }]
  if (value.length >= 1 && value.length <= max) return []
  return [{ path, code: 'BASE_TYPE_BAD_LENGTH', message: `Must be between 1 and ${max} in length.` }]
}

function countProblems(list: readonly unknown[], path: Path, max: number): readonly FormProblem[] {
  return list.length <= max ? [] : [{ path, code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${max} or fewer in length.` }]
}

/** Required options stand before optional ones. */
function orderProblems(options: readonly Fields[], path: Path): readonly FormProblem[] {
  const firstOptional = options.findIndex(({ required }) => required !== true)
  const late = options.findIndex(({ required }, index) => required === true && firstOptional !== -1 && index > firstOptional)
  const message = 'Required options must be placed before non-required options'
  return late === -1 ? [] : [{ path: [...path, late], code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', message }]
}

function duplicates(commands: readonly Fields[]): readonly FormProblem[] {
  const keys = commands.map(({ name, type }) => `${String(type)}/${String(name)}`)
  const repeated = keys.findIndex((key, index) => keys.indexOf(key) < index)
  const message = 'Application command names must be unique'
  return repeated === -1 ? [] : [{ path: [repeated], code: 'APPLICATION_COMMANDS_DUPLICATE_NAME', message }]
}

/** Names, descriptions and values together, options and choices included. */
function totalLength(value: Fields): number {
  const own = [value.name, value.description, value.value].reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? text.length : 0),
    0,
  )
  const nested = [value.options, value.choices].flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []))
  return nested.reduce((sum, item) => sum + totalLength(item), own)
}
