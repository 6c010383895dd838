/** The settings of channels, and of all of them, that the older Kimaki has on record. Pure. */
import type { StoredPreference } from '../../domain/models/preferences.ts'
import { VERBOSITIES, type Verbosity } from '../../domain/prefs.ts'
import type { OlderRow } from '../../store/older/copy.ts'
import type { OlderRecord, OwnRecord } from '../../store/older/rows.ts'
import { agentIn, modelIn, textIn } from './cells.ts'
import type { ImportItem } from './item.ts'

export interface PlannedSetting {
  readonly item: ImportItem
  readonly set:
    | { readonly verbosity: { readonly channelId: string; readonly level: Verbosity } }
    | { readonly preferences: readonly StoredPreference[] }
}

interface Around {
  readonly isProject: (channel: string) => boolean
  /** The bot whose settings for all channels count. */
  readonly app: string | undefined
}

export function settingsOf(older: OlderRecord, own: OwnRecord, { isProject, app }: Around): readonly PlannedSetting[] {
  const preferences: readonly StoredPreference[] = [
    ...older.agents.map((row) => ({ place: channelIn(row), name: 'agent', value: agentIn(row) }) as const),
    ...older.models.map((row) => ({ place: channelIn(row), name: 'model', value: modelIn(row) }) as const),
    ...older.mentions
      .filter((row) => row['enabled'] === 1)
      .map((row) => ({ place: channelIn(row), name: 'mention', value: true }) as const),
    ...older.globalModels
      .filter((row) => textIn(row, 'app_id') === app)
      .map((row) => ({ place: undefined, name: 'model', value: modelIn(row) }) as const),
  ]
  return [
    ...preferences.map((change) => preference(change, own, isProject)),
    ...older.verbosities.map((row) => verbosity(row, own, isProject)),
  ]
}

const channelIn = (row: OlderRow): string => textIn(row, 'channel_id')

function preference(change: StoredPreference, own: OwnRecord, isProject: Around['isProject']): PlannedSetting {
  const { place, name, value } = change
  const what = `${name}${typeof value === 'object' ? ` ${value.provider}/${value.model}` : value === true ? '' : ` ${value ?? ''}`}`
  const why = value === undefined ? UNREADABLE : place === undefined || isProject(place) ? undefined : NO_PROJECT
  const isKnown = own.preferences.has(`${place ?? ''}/${name}`)
  return { item: itemOf(place ?? 'all channels', what, { why, isKnown }), set: { preferences: [change] } }
}

function verbosity(row: OlderRow, own: OwnRecord, isProject: Around['isProject']): PlannedSetting {
  const channelId = channelIn(row)
  const text = textIn(row, 'verbosity').replaceAll('-', '_')
  const level = VERBOSITIES.find((known) => known === text)
  const why = level === undefined ? UNREADABLE : isProject(channelId) ? undefined : NO_PROJECT
  const item = itemOf(channelId, `verbosity ${text}`, { why, isKnown: own.verbosities.has(channelId) })
  return { item, set: level === undefined ? { preferences: [] } : { verbosity: { channelId, level } } }
}

const UNREADABLE = 'kimaki knows no such value'
const NO_PROJECT = 'its channel is not taken over'

const itemOf = (
  id: string,
  what: string,
  { why, isKnown }: { readonly why: string | undefined; readonly isKnown: boolean },
): ImportItem => ({
  kind: 'setting',
  id,
  what,
  ...(why === undefined ? { verdict: isKnown ? 'known' : 'take' } : { verdict: 'leave', why }),
})
