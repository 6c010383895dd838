/** When a broken configuration is asked again, and when not: without a server, so that time can be short. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Link } from '../../src/opencode/link.ts'
import { createPoison } from '../../src/opencode/poison.ts'
import { done, failed } from '../../src/opencode/result.ts'
import type { Supervisor } from '../../src/opencode/supervisor.ts'

function broken(options: { readonly busy: boolean }) {
  const directory = mkdtempSync(join(tmpdir(), 'poison-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'opencode.json')
  writeFileSync(file, '{ "model": "{file:./key.txt}" }')
  const link = {
    server: { adopted: false },
    directories: new Set([directory]),
    http: { call: async () => done({ json: options.busy ? { ses_1: { type: 'busy' } } : {}, next: undefined }) },
  } as unknown as Link
  let current: Link | undefined = link
  let restarts = 0
  const supervisor = {
    current: () => current,
    async restart() {
      restarts += 1
      current = undefined
    },
  } as unknown as Supervisor<Link>
  const poison = createPoison(supervisor, new AbortController().signal, 50)
  let asked = 0
  const ask = () =>
    poison.guard(directory, async () => {
      asked += 1
      return failed({ kind: 'config', file, reason: 'bad' })
    })
  return { directory, file, ask, asked: () => asked, restarts: () => restarts, lose: () => void (current = undefined) }
}

test('nothing changed: the same failure, and nobody is asked', async () => {
  const { ask, asked } = broken({ busy: false })
  const first = await ask()
  expect(await ask()).toEqual(first)
  expect(asked()).toBe(1)
})

test('a file it refers to counts too', async () => {
  const { directory, ask, asked, restarts } = broken({ busy: false })
  await ask()
  writeFileSync(join(directory, 'key.txt'), 'key')
  await ask()
  expect([asked(), restarts()]).toEqual([2, 1])
})

test('as long as something runs it waits, and says so', async () => {
  const { file, ask, asked, restarts } = broken({ busy: true })
  await ask()
  writeFileSync(file, '{}')
  expect(await ask()).toEqual({
    ok: false,
    failure: { kind: 'config', file, reason: expect.stringContaining('no session is running') },
  })
  expect([asked(), restarts()]).toEqual([1, 0])
})

test('another server has not read it yet: no restart is needed', async () => {
  const { file, ask, asked, restarts, lose } = broken({ busy: true })
  await ask()
  lose()
  writeFileSync(file, '{}')
  await ask()
  expect([asked(), restarts()]).toEqual([2, 0])
})
