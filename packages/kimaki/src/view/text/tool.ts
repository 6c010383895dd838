/**
 * Tool calls as one-liners. A line is posted when the tool starts and never changed, so it is made from the input alone;
 * the state's title only helps where the input says nothing.
 */
import { redactShapes } from '../../base/redact.ts'
import { cut, oneLine, stripControl } from '../../base/text.ts'
import type { AgentPart } from '../../domain/agent.ts'
import { escapeInline } from './markdown.ts'

export type ToolPart = Extract<AgentPart, { readonly kind: 'tool' }>

/** Undefined: no line (an ask with a card of its own, or nothing to tell yet). */
export function toolText(part: ToolPart): string | undefined {
  const kind = ownKind(part.tool)
  if (part.state === 'pending' || HIDDEN.has(kind)) return undefined
  const renderer = RENDERERS.get(kind) ?? { glyph: '┣', details: otherDetails }
  const name = /^[\w-]+$/.test(part.tool) ? part.tool : inline(part.tool)
  if (part.state === 'error') {
    const error = inline(redactShapes(part.error ?? '')) || 'error'
    return words('⨯', name, error, kind !== 'bash' && 'details' in renderer ? renderer.details(part) : '')
  }
  return 'whole' in renderer ? renderer.whole(part) : words(renderer.glyph, name, renderer.details(part))
}

/** False for what only looks: reading tools, and commands the model itself declared to be without side effect. */
export function isEssentialTool(part: ToolPart): boolean {
  if (part.tool === 'bash' && part.input['hasSideEffect'] === false) return false
  return !LOOKING.some((name) => part.tool === name || part.tool.endsWith(`_${name}`))
}

type Renderer =
  /** Glyph, name, details. */
  | { readonly glyph: '┣' | '◼︎'; readonly details: (part: ToolPart) => string }
  | { readonly whole: (part: ToolPart) => string | undefined }

const RENDERERS: ReadonlyMap<string, Renderer> = new Map<string, Renderer>([
  ['bash', { glyph: '┣', details: bashDetails }],
  ['edit', { glyph: '◼︎', details: editDetails }],
  ['write', { glyph: '◼︎', details: writeDetails }],
  ['apply_patch', { glyph: '◼︎', details: patchDetails }],
  ['read', { glyph: '┣', details: (part) => wrapped('*', baseName(field(part, 'filePath'))) }],
  ['list', { glyph: '┣', details: (part) => wrapped('*', baseName(field(part, 'path'))) }],
  ['glob', { glyph: '┣', details: (part) => wrapped('*', field(part, 'pattern')) }],
  ['grep', { glyph: '┣', details: (part) => wrapped('*', field(part, 'pattern')) }],
  ['webfetch', { glyph: '┣', details: (part) => wrapped('*', field(part, 'url').replace(/^https?:\/\//i, '')) }],
  ['skill', { glyph: '┣', details: (part) => wrapped('_', field(part, 'name')) }],
  ['kimaki_sleep', { glyph: '┣', details: sleepDetails }],
  ['todowrite', { whole: todoLine }],
  ['todoread', { whole: (part) => (part.title ? words('┣ todoread', wrapped('_', part.title)) : undefined) }],
  ['task', { whole: taskLine }],
])

/** They show themselves as cards. */
const HIDDEN: ReadonlySet<string> = new Set(['question', 'kimaki_question', 'kimaki_file_upload', 'kimaki_action_buttons'])

const LOOKING = ['read', 'glob', 'grep', 'describe-media', 'todoread']

/** The tools of our own plugin may carry a server's prefix. */
const ownKind = (tool: string): string => tool.replace(/^.*_(?=kimaki_)/, '')

function bashDetails(part: ToolPart): string {
  const command = stripControl(field(part, 'command')).trim()
  if (command !== '' && !command.includes('\n') && command.length <= COMMAND_MAX) return wrapped('_', command)
  const description = field(part, 'description')
  if (description.trim() !== '') return wrapped('_', description)
  const first = command.split('\n', 1)[0] ?? ''
  // The ellipsis also stands for the lines that are not shown.
  if (first !== '') return wrapped('_', `${cut(first, COMMAND_MAX, '')}…`)
  return wrapped('_', part.title ?? '')
}

function editDetails(part: ToolPart): string {
  const counts = `(+${lineCount(field(part, 'newString'))}-${lineCount(field(part, 'oldString'))})`
  return words(wrapped('*', baseName(field(part, 'filePath'))), counts)
}

function writeDetails(part: ToolPart): string {
  const lines = lineCount(field(part, 'content'))
  return words(wrapped('*', baseName(field(part, 'filePath'))), `(${lines} line${lines === 1 ? '' : 's'})`)
}

function patchDetails(part: ToolPart): string {
  const files = patchedFiles(field(part, 'patchText'))
  const shown = files.slice(0, FILES_MAX).map((file) => words(wrapped('*', file.name), `(+${file.added}-${file.removed})`))
  return [...shown, ...(files.length > FILES_MAX ? [`… ${files.length - FILES_MAX} more`] : [])].join(', ')
}

/** Reads OpenCode's patch format: `*** Update File: path`, then lines with `+` and `-`. */
function patchedFiles(patch: string): readonly { readonly name: string; readonly added: number; readonly removed: number }[] {
  return patch
    .split(/^\*\*\* (?=(?:Add|Update|Delete) File: )/m)
    .slice(1)
    .map((section) => {
      const [header = '', ...lines] = section.split('\n')
      return {
        name: baseName(header.slice(header.indexOf(':') + 1)),
        added: lines.filter((line) => line.startsWith('+')).length,
        removed: lines.filter((line) => line.startsWith('-')).length,
      }
    })
}

function sleepDetails(part: ToolPart): string {
  const [until, duration] = [inline(field(part, 'until')), inline(field(part, 'duration'))]
  const when = until !== '' ? `until ${until}` : duration !== '' ? `for ${duration}` : ''
  return words(when, wrapped('_', field(part, 'reason')))
}

/** Only what is being done now, numbered by its place in the list. */
function todoLine(part: ToolPart): string | undefined {
  const todos = todosOf(part.input['todos'])
  const at = todos.findIndex((todo) => property(todo, 'status') === 'in_progress')
  const content = oneLine(stripControl(property(todos[at], 'content')))
  if (content === '') return undefined
  const [first = ''] = content
  const number = at < 20 ? String.fromCodePoint(DIGIT_ONE_FULL_STOP + at) : `${at + 1}.`
  return words(number, wrapped('**', first.toLowerCase() + content.slice(first.length)))
}

/** Some models send the list as JSON in a text, under names, or only the one item they mean. */
function todosOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return todosOf(parsed(value))
  if (typeof value !== 'object' || value === null) return []
  return typeof Reflect.get(value, 'content') === 'string' ? [value] : Object.values(value)
}

function parsed(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? undefined : value
  } catch {
    return undefined
  }
}

/** A title that comes only with the result would come after the subagent's work: then there is no line. */
function taskLine(part: ToolPart): string | undefined {
  const description = field(part, 'description') || (part.state === 'running' ? (part.title ?? '') : '')
  if (description.trim() === '') return undefined
  return words('┣', subagentName(part), wrapped('**', description))
}

/** The kind of agent that a `task` begins. */
export const subagentName = (part: ToolPart): string => inline(cut(field(part, 'subagent_type'), AGENT_MAX)) || 'task'

function otherDetails(part: ToolPart): string {
  const fields = Object.entries(part.input)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${inline(key)}: ${shortValue(typeof value === 'string' ? value : JSON.stringify(value))}`)
  const shown = fields.length > FIELDS_MAX ? [...fields.slice(0, FIELDS_MAX), '…'] : fields
  return words(wrapped('_', part.title ?? ''), shown.length === 0 ? '' : `(${shown.join(', ')})`)
}

function shortValue(value: string): string {
  const line = oneLine(stripControl(value))
  return escapeInline(line.length > VALUE_MAX ? `${cut(line, VALUE_MAX, '')}…` : line)
}

const words = (...pieces: readonly string[]): string => pieces.filter((piece) => piece !== '').join(' ')

/** Dynamic text made safe for one line. */
const inline = (text: string): string => escapeInline(cut(oneLine(stripControl(text)), INLINE_MAX))

function wrapped(mark: '*' | '_' | '**', text: string): string {
  const safe = inline(text)
  return safe === '' ? '' : mark + safe + mark
}

const field = (part: ToolPart, key: string): string => property(part.input, key)

function property(value: unknown, key: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return typeof found === 'string' ? found : ''
}

const baseName = (path: string): string => path.split(/[\\/]/).findLast((piece) => piece.trim() !== '') ?? ''

/** A newline at the end begins no further line. */
const lineCount = (text: string): number => (text === '' ? 0 : text.replace(/\n$/, '').split('\n').length)

const COMMAND_MAX = 100
const VALUE_MAX = 50
const INLINE_MAX = 200
const AGENT_MAX = 40
const FILES_MAX = 10
const FIELDS_MAX = 12
/** U+2488 ⒈ to U+249B ⒛ are single glyphs. */
const DIGIT_ONE_FULL_STOP = 0x2488
