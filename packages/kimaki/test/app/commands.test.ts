/** What begins with a slash, around fakes: names are asked for on the way to the agent, and nobody else waits for that. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigBroken } from '../../src/base/errors.ts'
import { never, openHarness, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const spoken = (bot: BotRun): readonly (string | undefined)[] =>
  bot.agent.prompts.map(({ parts, command }) =>
    command
      ? `/${command.name} ${command.args}`
      : parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])).join(),
  )

test('a known command is submitted as such, an unknown one as text', async () => {
  const bot = await harness.run(({ agent }) => void (agent.commandNames = ['greet']))
  bot.send('/greet ada')
  bot.send('/nobody knows')
  await until('both', () => bot.agent.prompts.length === 2)
  expect(new Set(spoken(bot))).toEqual(new Set(['/greet ada', '/nobody knows']))
})

test('names that do not come hold up their own thread, in order, and no other', async () => {
  const bot = await harness.run()
  bot.agent.on.commands = async () => never
  const slow = bot.send('/greet ada')
  bot.reply(slow, 'and this')
  bot.send('hello')
  await until('the other thread', () => bot.agent.prompts.length === 1)
  await quiet()
  expect(spoken(bot)).toEqual(['hello'])
})

test('found on record after a crash, its names are asked for again and it is submitted once', async () => {
  const first = await harness.run(({ agent }) => void (agent.on.commands = async () => never))
  first.send('/greet ada')
  await quiet()
  const second = await harness.run(({ agent }) => void (agent.commandNames = ['greet']))
  await quiet()
  // Its session is read first.
  harness.clock.advance(0)
  await until('the prompt', () => second.agent.prompts.length === 1)
  expect(spoken(second)).toEqual(['/greet ada'])
})

test('where OpenCode cannot be prompted, the thread says so', async () => {
  const bot = await harness.run()
  bot.agent.on.commands = async () => new ConfigBroken({ file: 'opencode.json', reason: 'broken' })
  bot.send('/greet ada')
  await until('the line', () => bot.texts().some((line) => line.includes('OpenCode cannot read')))
  expect(bot.agent.prompts).toEqual([])
})
