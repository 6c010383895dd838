/**
 * How far a log-in has come, as it stands in the ids of its menus and buttons: `provider/method/choices`. So each step works after a restart.
 * What people type stands in none of them.
 */
import { keyOf } from '../../domain/models/choices.ts'

export interface Place {
  /** See `refOf`. */
  readonly provider: string
  /** Its number in OpenCode's list. */
  readonly method: number
  /** Of each question with options, in their order: the number of the option, or `NOT_ASKED`. */
  readonly choices: readonly string[]
}

export const NOT_ASKED = '-'

/** A provider as it stands in an id: its own id, or its key where that is long. */
export function refOf(provider: string): string {
  const ref = encodeURIComponent(provider).replaceAll('~', '%7E')
  return ref.length > REF_MAX ? `#${keyOf(provider)}` : ref
}

/** Of an id's 100 characters: the rest is for the name of the button, the method and the choices. */
const REF_MAX = 40

export const aboutOf = ({ provider, method, choices }: Place): string => `${provider}/${method}/${choices.join('.')}`

export function placeOf(about: string): Place {
  const [provider = '', method, choices = ''] = about.split('/')
  return { provider, method: Number(method), choices: choices === '' ? [] : choices.split('.') }
}
