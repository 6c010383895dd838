/** A thread of the older Kimaki, taken over with `kimaki import`: it goes on where it was. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/cli/config.ts'
import { carryOut } from '../../src/cli/import/take-over.ts'
import { olderDatabase } from '../cli/import/older.ts'
import { startInnerBot } from '../support/inner-bot.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'

const { harness, project, ask } = useHarness({ rules: E2E_RULES })

const sessionsAsked = (): readonly string[] => [
  ...new Set(harness.model.log.flatMap(({ sessionId, hasTools }) => (hasTools && sessionId !== undefined ? [sessionId] : []))),
]

test('the next message goes on in its session, and nothing from before is asked or said again', async () => {
  const thread = ask('hello #m1')
  const first = await startInnerBot(harness)
  await harness.untilSaid(thread, FOOTER)
  await first.stop()
  const [session] = sessionsAsked()
  // Of what this Kimaki knew nothing stays: the thread and the session might as well be another program's.
  rmSync(harness.dataDir, { recursive: true })
  mkdirSync(harness.dataDir, { mode: 0o700 })
  const from = join(harness.dir, 'older.db')
  olderDatabase(
    from,
    `INSERT INTO channel_directories (channel_id, directory, channel_type, guild_id)
      VALUES ('${project.channelId}', '${project.directory}', 'text', '${harness.guild.id}');
    INSERT INTO thread_sessions (thread_id, session_id) VALUES ('${thread}', '${session}');`,
  ).close()
  const config = readConfig({}, harness.env)
  if (config instanceof Error) throw config
  expect(await carryOut(config, from)).toMatchObject({ plan: { threads: [{ thread, session }] } })
  const before = harness.said(thread)
  await startInnerBot(harness)
  harness.owner.send(thread, 'hello #m2')
  await until('a second footer', () => harness.said(thread).filter((text) => FOOTER.test(text)).length === 2)
  expect(sessionsAsked()).toEqual([session])
  expect(harness.said(thread).slice(0, before.length)).toEqual(before)
  expect(harness.said(thread).filter((text) => text.includes('#m1'))).toHaveLength(
    before.filter((text) => text.includes('#m1')).length,
  )
  expect(harness.said(thread).join('\n')).toContain('#m2')
})
