/** Reads cells of the older Kimaki's tables. */
import type { ModelChoice } from '../../domain/models/preferences.ts'
import type { OlderRow } from '../../store/older/copy.ts'

/** Empty where there is none. */
export const textIn = (row: OlderRow, column: string): string => String(row[column] ?? '').trim()

export const isId = (text: string): boolean => /^\d{17,20}$/.test(text)

/** Unix ms: of `2026-01-31T21:30:04.000Z`, of `2026-01-31 21:30:04`, which is UTC too, or of a number; 0 where nothing can be read. */
export function timeIn(row: OlderRow, column: string): number {
  const text = textIn(row, column)
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text)
  const time = Date.parse(/[Zz]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}Z`)
  return Number.isNaN(time) ? 0 : time
}

export const agentIn = (row: OlderRow): string | undefined => textIn(row, 'agent_name') || undefined

/** Of `provider/model`; the model may hold slashes itself. */
export function modelIn(row: OlderRow): ModelChoice | undefined {
  const [, provider, model] = /^([^/]+)\/(.+)$/.exec(textIn(row, 'model_id')) ?? []
  if (provider === undefined || model === undefined) return undefined
  return { provider, model, variant: textIn(row, 'variant') || undefined }
}
