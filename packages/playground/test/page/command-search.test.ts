import { expect, it } from 'vitest'
import { commandsFor, commandTyped } from '../../src/page/writing/command-search.ts'

const commands = [
  ['abort', 'Stop the agent'],
  ['new-session', 'Begin a new session'],
  ['queue', 'Send a message later'],
  ['queue-clear', 'Empty it'],
  ['session-id', 'Which one this is'],
  ['todo add', 'One more'],
].map(([line = '', description = '']) => ({ line, description, options: [] }))
const linesFor = (typed: string) => commandsFor(typed, commands).map(({ line }) => line)

it.each([
  ['/', ['abort', 'new-session', 'queue', 'queue-clear', 'session-id', 'todo add']],
  ['/qu', ['queue', 'queue-clear']],
  ['/Session', ['session-id', 'new-session']],
  ['/agent', ['abort']],
  ['/todo a', ['todo add']],
  ['/tmp/x', []],
  ['/\nqueue', []],
  ['!ls /', []],
  ['', []],
])('offers for %j the commands that fit, those that begin with it first', (typed, lines) => {
  expect(linesFor(typed)).toEqual(lines)
})

it.each([
  ['/abort ', 'abort'],
  ['/todo add ', 'todo add'],
  ['/abort', undefined],
  ['/todo ', undefined],
  ['/abo ', undefined],
])('%j typed in full is %j', (typed, line) => {
  expect(commandTyped(typed, commands)?.line).toBe(line)
})
