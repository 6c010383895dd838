/** `kimaki doctor` on this machine, against the emulator: while the bot runs, and where there is none. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '../../support/bot-process.ts'
import { runCli } from '../../support/run-cli.ts'
import { useHarness } from '../../support/use-harness.ts'

const { harness, project } = useHarness({ rules: [] })

interface Told {
  readonly ok: boolean
  readonly checks: readonly { readonly check: string; readonly verdict: string; readonly found: string }[]
}

async function doctor(env: Readonly<Record<string, string>>): Promise<{ readonly code: number | null; readonly told: Told }> {
  const { code, stdout } = await runCli({ ...harness.env, ...env }, ['doctor', '--json'])
  return { code, told: JSON.parse(stdout) as Told }
}

test('while the bot runs all is well, its channels too', async () => {
  const bot = await harness.bot()
  const { code, told } = await doctor({})
  // How full the disk of this machine is is its own matter.
  expect(told.checks.filter(({ check, verdict }) => verdict !== 'ok' && check !== 'disk')).toEqual([])
  expect(told.checks.map(({ check, found }) => `${check}: ${found}`)).toEqual(
    expect.arrayContaining([
      `bot: runs (pid ${bot.pid}), port ${harness.env['KIMAKI_LOCK_PORT']}`,
      'opencode: 1.18.33',
      'intents: Message Content is on',
      `channels: ${project.channelId}: the bot has what it needs`,
    ]),
  )
  expect(code).toBe(told.ok ? 0 : 1)
})

test('without a bot and with a wrong token it ends with 1, and makes no folder', async () => {
  const dataDir = join(harness.dir, 'elsewhere')
  const elsewhere = { KIMAKI_DATA_DIR: dataDir, KIMAKI_LOCK_PORT: String(await freePort()) }
  const { code, told } = await doctor({ ...elsewhere, KIMAKI_BOT_TOKEN: 'wrong' })
  expect(code).toBe(1)
  expect(told).toMatchObject({ ok: false })
  expect(told.checks).toContainEqual(expect.objectContaining({ check: 'token', verdict: 'bad' }))
  expect(told.checks).toContainEqual(expect.objectContaining({ check: 'bot', verdict: 'ok' }))
  expect(told.checks).toContainEqual(expect.objectContaining({ check: 'files', found: `${dataDir} is made at the first start` }))
  expect(existsSync(dataDir)).toBe(false)
})
