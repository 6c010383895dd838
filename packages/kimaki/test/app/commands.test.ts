/** What begins with a slash, around fakes: names are asked for on the way to the agent, and nobody else waits for that. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRoom, type Life, type Room } from './support/room.ts'
import { quiet, until } from './support/until.ts'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

const never = new Promise<never>(() => undefined)
const spoken = (life: Life): readonly (string | undefined)[] =>
  life.agent.prompts.map(({ parts, command }) =>
    command
      ? `/${command.name} ${command.args}`
      : parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])).join(),
  )

test('a known command is handed over as such, an unknown one as text', async () => {
  const life = await room.live(({ agent }) => void (agent.commandNames = ['greet']))
  life.send('/greet ada')
  life.send('/nobody knows')
  await until('both', () => life.agent.prompts.length === 2)
  expect(new Set(spoken(life))).toEqual(new Set(['/greet ada', '/nobody knows']))
})

test('names that do not come hold up their own thread, in order, and no other', async () => {
  const life = await room.live()
  life.agent.on.commands = async () => never
  const slow = life.send('/greet ada')
  life.reply(slow, 'and this')
  life.send('hello')
  await until('the other thread', () => life.agent.prompts.length === 1)
  await quiet()
  expect(spoken(life)).toEqual(['hello'])
})

test('found on record after a crash, it is asked again and handed over once', async () => {
  const first = await room.live(({ agent }) => void (agent.on.commands = async () => never))
  first.send('/greet ada')
  await quiet()
  const second = await room.live(({ agent }) => void (agent.commandNames = ['greet']))
  await quiet()
  // Its session is read first.
  room.clock.advance(0)
  await until('the prompt', () => second.agent.prompts.length === 1)
  expect(spoken(second)).toEqual(['/greet ada'])
})

test('where OpenCode cannot be asked, the thread says so', async () => {
  const life = await room.live()
  life.agent.on.commands = async () => ({ ok: false, failure: { kind: 'config', file: 'opencode.json', reason: 'broken' } })
  life.send('/greet ada')
  await until('the line', () => life.texts().some((line) => line.includes('OpenCode cannot read')))
  expect(life.agent.prompts).toEqual([])
})
