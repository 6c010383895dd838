/** The enforced rules as a table in Markdown, made from the data that enforces them. */
import { COMPONENTS } from './components.ts'
import { CLOSE_RULES } from './close-codes.ts'
import { ERRORS } from './errors.ts'
import { EVENTS } from './intents.ts'
import { AUTO_ARCHIVE_MINUTES, LIMITS } from './limits.ts'
import { RATE_LIMITS } from './rate-limits.ts'

export function describeRules(): string {
  return [
    table(['Limit', 'Value'], [...limitRows(LIMITS), ['auto archive, minutes', AUTO_ARCHIVE_MINUTES.join(', ')]]),
    table(['Component', 'Fields'], Object.values(COMPONENTS).map(componentRow)),
    table(['Code', 'Status', 'Refusal'], Object.values(ERRORS).map(errorRow).sort(byCode)),
    table(['Close code', 'Reason', 'Resumable'], Object.entries(CLOSE_RULES).map(closeRow)),
    table(['Rate limit (a setting)', 'Requests', 'Ms'], rateRows()),
    `Events: ${Object.keys(EVENTS).join(', ')}.`,
  ].join('\n\n')
}

type Row = readonly string[]

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** `fileBytes` reads as "file bytes"; nested limits are named by their path. */
function limitRows(limits: object, before = ''): readonly Row[] {
  return Object.entries(limits).flatMap(([name, value]: [string, unknown]): readonly Row[] => {
    const words = `${before}${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`
    return typeof value === 'object' && value !== null ? limitRows(value, `${words} `) : [[words, String(value)]]
  })
}

function componentRow({ name, texts = {}, integers = {}, children = [] }: (typeof COMPONENTS)[number]): Row {
  const fields = Object.entries({ ...texts, ...integers }).map(([field, { min, max }]) => `\`${field}\` ${min ?? 0}–${max}`)
  const held = children.map(({ field, min, max }) => `${min}–${max} in \`${field}\``)
  return [name, [...fields, ...held].join(', ') || '–']
}

const errorRow = ({ code, status, message }: (typeof ERRORS)[keyof typeof ERRORS]): Row => [String(code), String(status), message]

const byCode = (a: Row, b: Row) => Number(a[0]) - Number(b[0])

const closeRow = ([code, { reason, resumable }]: [string, (typeof CLOSE_RULES)[number]]): Row => [
  code,
  reason,
  resumable ? 'yes' : 'no',
]

function rateRows(): readonly Row[] {
  const { routes, ...quotas } = RATE_LIMITS
  const rows = [...Object.entries(quotas), ...Object.entries(routes).map(([route, rule]) => [`\`${route}\``, rule] as const)]
  return rows.map(([name, { limit, windowMs }]) => [name, String(limit), String(windowMs)])
}
