/** Ids and times as OpenCode makes them. */

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SPAN = 2 ** 48
/** Ids in one millisecond are told apart by a counter of 12 bits. */
const PER_MS = 4096

export type Prefix = 'ses' | 'msg' | 'prt' | 'evt' | 'per' | 'que'

let lastId = 0
let lastMoment = 0

/** `msg_1fb438ccb001` and 14 letters: sorts by time; sessions the other way round, newest first. */
export function newId(prefix: Prefix): string {
  lastId = Math.max(lastId + 1, Date.now() * PER_MS + 1)
  const rising = lastId % SPAN
  const time = (prefix === 'ses' ? SPAN - 1 - rising : rising).toString(16).padStart(12, '0')
  return `${prefix}_${time}${letters(14)}`
}

export function letters(count: number): string {
  return Array.from({ length: count }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]).join('')
}

/** Unix ms, never the same twice: messages are ordered by their time, and two of one millisecond would stand in the order of their ids. */
export function moment(): number {
  lastMoment = Math.max(lastMoment + 1, Date.now())
  return lastMoment
}
