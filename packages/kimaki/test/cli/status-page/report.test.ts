/** What goes on, as `kimaki status` collects it from a running bot. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadProjects } from '../../../src/app/intake/projects.ts'
import type { Composed } from '../../../src/cli/compose.ts'
import { lastErrors } from '../../../src/cli/status-page/errors.ts'
import { reportOf } from '../../../src/cli/status-page/report.ts'
import { memoryOf } from '../../../src/host/process/memory.ts'
import { allClosed, openHarness, prompted, type BotRun, type Harness } from '../../app/support/harness.ts'
import { until } from '../../app/support/until.ts'
import { GUILD } from '../../support/conversation.ts'

let harness: Harness
let dataDir = ''
beforeEach(async () => {
  harness = await openHarness()
  dataDir = mkdtempSync(join(tmpdir(), 'kimaki-status-'))
})
afterEach(async () => {
  await harness.close()
  rmSync(dataDir, { recursive: true })
})

const BUDGETS = { requests: { left: 1, most: 2 }, refusals: { left: 3, most: 4 }, identifies: { left: 5, most: 6 } }

const report = async ({ chat, store, why }: BotRun) =>
  reportOf(
    {
      chat,
      store,
      bot: { why },
      projects: await loadProjects(store),
      agent: { servers: async () => [{ pid: process.pid, port: 1, busy: 1, directories: ['/p'] }] },
      budgets: async () => BUDGETS,
      config: { dataDir, database: '' },
    } as unknown as Composed,
    harness.clock.now(),
  )

test('a thread that works with its queue, then one that has ended; Discord is not asked', async () => {
  const bot = await harness.run()
  const first = await prompted(bot)
  bot.reply(first, 'water it. queue')
  await until('the queue', () => bot.texts().some((words) => words.includes('queued at position 1')))
  const working = {
    threadId: first.id,
    guildId: GUILD,
    state: 'working',
    queued: 1,
    link: null,
    why: expect.stringContaining('the agent works'),
  }
  await expect.poll(async () => (await report(bot)).threads).toEqual([expect.objectContaining(working)])
  const asked = bot.chat.calls.length
  const now = await report(bot)
  expect(bot.chat.calls.slice(asked)).toEqual([])
  expect(now).toMatchObject({ connected: true, projects: 1, budgets: BUDGETS, errors: [] })
  const [server] = now.opencode
  expect(server).toEqual({ pid: process.pid, port: 1, busy: 1, directories: ['/p'], memory: expect.any(Number) })
  bot.answer(first.id, 'done')
  await until('the second prompt', () => bot.agent.prompts.length === 2)
  bot.answer(`${first.id}9`, 'done')
  await allClosed(bot)
  expect((await report(bot)).threads).toEqual([expect.objectContaining({ state: 'answered', queued: 0, why: null })])
})

test('the newest errors of the log come first, and what is no line of it is passed over', () => {
  const file = join(dataDir, 'kimaki.log')
  const line = (level: string, msg: string, facts = {}) =>
    JSON.stringify({ level, time: '2026-01-01T00:00:00.000Z', msg, ...facts })
  writeFileSync(
    file,
    [line('error', 'one'), line('warn', 'two'), '{"level":"error"', line('error', 'three', { code: 5, why: 'x\ny' }), ''].join(
      '\n',
    ),
  )
  const at = Date.parse('2026-01-01T00:00:00.000Z')
  expect(lastErrors(file, 10)).toEqual([
    { at, message: 'three', details: 'code=5  why=x y' },
    { at, message: 'one', details: '' },
  ])
  expect(lastErrors(file, 1)).toHaveLength(1)
  expect(lastErrors(join(dataDir, 'none'), 10)).toEqual([])
})

test('memory is known of a process that lives', async () => {
  expect(await memoryOf(process.pid)).toBeGreaterThan(10 * 2 ** 20)
  expect(await memoryOf(process.pid, 'win32')).toBeUndefined()
  expect(await memoryOf(2 ** 22 + 1)).toBeUndefined()
})
