import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepBot } from '../../src/machine/bot.ts'
import { builtKimaki } from '../support/built-kimaki.ts'

test('a bot that is killed again and again while it starts is started again; one that ends by itself is given up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'playground-bot-'))
  // Without a token it ends by itself, but each of the first four lives is killed before.
  const bot = keepBot({ HOME: folder, KIMAKI_DATA_DIR: folder, KIMAKI_NO_WRAPPER: '1' }, builtKimaki())
  const starts: number[] = []
  const failed = new Promise<void>((resolve) => {
    bot.onEvent(({ kind }) => {
      if (kind === 'failed') resolve()
      if (kind !== 'starting') return
      starts.push(starts.length)
      if (starts.length < 4) setImmediate(() => bot.kill())
    })
  })
  bot.kill()
  await failed
  expect(bot.exits.map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL', null, null, null])
  await bot.stop()
  rmSync(folder, { recursive: true, force: true })
})
