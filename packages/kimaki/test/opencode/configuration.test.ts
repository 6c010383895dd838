/** When a configuration is read again, and when it is refused: without a server, so that time can be short. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Log } from '../../src/ports/host.ts'
import type { Link } from '../../src/opencode/session/link.ts'
import { ConfigBroken } from '../../src/base/errors.ts'
import { createFolders } from '../../src/host/folders.ts'
import { Configuration } from '../../src/opencode/pool/configuration.ts'
import { RunsInFlight } from '../../src/opencode/session/in-flight.ts'
import type { Supervisor } from '../../src/opencode/process/supervisor.ts'

const silent = () => undefined
const SILENT: Log = { debug: silent, info: silent, warn: silent, error: silent }

function broken(options: { readonly busy: boolean }) {
  const directory = mkdtempSync(join(tmpdir(), 'poison-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'opencode.json')
  writeFileSync(file, '{ "model": "{file:./key.txt}" }')
  const link = {
    server: { adopted: false },
    directories: new Set([directory]),
    http: { call: async () => ({ json: options.busy ? { ses_1: { type: 'busy' } } : {}, next: undefined }) },
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
  const configuration = new Configuration({
    supervisor,
    environment: { HOME: directory },
    folders: createFolders(),
    log: SILENT,
    stopped: new AbortController().signal,
    programs: { opened: () => undefined },
    quietMs: 50,
  })
  let asked = 0
  let during: () => void = () => undefined
  const ask = () =>
    configuration.guard(directory, async () => {
      asked += 1
      during()
      return new ConfigBroken({ file, reason: 'bad' })
    })
  return {
    directory,
    file,
    ask,
    asked: () => asked,
    onAsk: (act: () => void) => void (during = act),
    restarts: () => restarts,
    lose: () => void (current = undefined),
  }
}

test('Q1: nothing changed: the same failure, and the server is not asked', async () => {
  const { ask, asked } = broken({ busy: false })
  const first = await ask()
  expect(await ask()).toEqual(first)
  expect(asked()).toBe(1)
})

test('Q3: an edit during the first touch is noticed', async () => {
  const { file, ask, asked, onAsk } = broken({ busy: false })
  onAsk(() => writeFileSync(file, '{}'))
  await ask()
  onAsk(() => undefined)
  await ask()
  expect(asked()).toBe(2)
})

test('a file it refers to counts too', async () => {
  const { directory, ask, asked, restarts } = broken({ busy: false })
  await ask()
  writeFileSync(join(directory, 'key.txt'), 'key')
  await ask()
  expect([asked(), restarts()]).toEqual([2, 1])
})

test('Q2: as long as something runs it waits, and says so', async () => {
  const { file, ask, asked, restarts } = broken({ busy: true })
  await ask()
  writeFileSync(file, '{}')
  expect(await ask()).toMatchObject({
    _tag: 'ConfigBroken',
    file,
    reason: expect.stringContaining('no session is running'),
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

function edited(options: { readonly busy: boolean; readonly disposed?: Promise<void> }) {
  const directory = mkdtempSync(join(tmpdir(), 'edited-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'opencode.json')
  const user = join(directory, 'home/.config/opencode/opencode.json')
  mkdirSync(dirname(user), { recursive: true })
  for (const path of [file, user]) writeFileSync(path, '{}')
  const calls: string[] = []
  const called = async ({ path }: { readonly path: string }) => {
    if (path !== '/session/status') calls.push(path)
    if (path === '/instance/dispose') await options.disposed
    return { json: options.busy ? { ses_1: { type: 'busy' } } : {}, next: undefined }
  }
  const link = {
    server: { adopted: false },
    directories: new Set([directory]),
    trusted: new Set(['ses_1']),
    inFlight: new RunsInFlight(),
    catalog: { forget: () => undefined },
    commands: { forget: () => undefined },
    http: { call: called },
  } as unknown as Link
  const supervisor = { current: () => link, restart: async () => void calls.push('restart') } as unknown as Supervisor<Link>
  const configuration = new Configuration({
    supervisor,
    environment: { HOME: join(directory, 'home') },
    folders: createFolders(),
    log: SILENT,
    stopped: new AbortController().signal,
    programs: { opened: () => undefined },
  })
  const ask = () => configuration.refreshAndGuard(directory, async () => undefined)
  const call = (work: () => Promise<undefined>) => configuration.guard(directory, work)
  const submit = (session: string) => configuration.submit(directory, session, async () => undefined)
  return { directory, file, user, link, calls, ask, call, submit }
}

test('R3: what nobody edited is not read again, nor what was only touched, nor what OpenCode added', async () => {
  const { file, user, ask, calls } = edited({ busy: false })
  await ask()
  await ask()
  utimesSync(file, 1, 1)
  await ask()
  writeFileSync(file, '{\n  "$schema": "https://opencode.ai/config.json",}')
  writeFileSync(`${user}c`, '{\n  "$schema": "https://opencode.ai/config.json"\n}')
  await ask()
  expect(calls).toEqual([])
})

test('an edited file of the project is read again with the next prompt, once', async () => {
  const { file, ask, calls, link } = edited({ busy: false })
  await ask()
  writeFileSync(file, '{"model":"a/b"}')
  await ask()
  await ask()
  expect(calls).toEqual(['/instance/dispose'])
  expect(link.trusted.size).toBe(0)
})

test('R2: no call begins while the project is disposed', async () => {
  const disposed = Promise.withResolvers<void>()
  const { file, ask, call, calls } = edited({ busy: false, disposed: disposed.promise })
  await ask()
  writeFileSync(file, '{"model":"a/b"}')
  const asking = ask()
  await vi.waitFor(() => expect(calls).toEqual(['/instance/dispose']))
  const calling = call(async () => void calls.push('call'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(calls).toEqual(['/instance/dispose'])
  disposed.resolve()
  await Promise.all([asking, calling])
  expect(calls).toEqual(['/instance/dispose', 'call'])
})

test('so is a command that is new, one that has changed, and one that has gone', async () => {
  const { directory, ask, calls } = edited({ busy: false })
  await ask()
  const folder = join(directory, '.opencode/command')
  mkdirSync(folder, { recursive: true })
  await ask()
  for (const change of [
    () => writeFileSync(join(folder, 'a.md'), 'one'),
    () => writeFileSync(join(folder, 'a.md'), 'other'),
    () => rmSync(join(folder, 'a.md')),
  ]) {
    const before = calls.length
    change()
    await ask()
    expect(calls.length).toBe(before + 1)
  }
})

test('a new log-in is read, too', async () => {
  const { directory, ask, calls } = edited({ busy: false })
  await ask()
  const folder = join(directory, 'home/.local/share/opencode')
  mkdirSync(folder, { recursive: true })
  const tokens = (access: string) => ({ q: { type: 'oauth', access, refresh: access, expires: access.length } })
  writeFileSync(join(folder, 'auth.json'), JSON.stringify(tokens('a')))
  await ask()
  expect(calls).toEqual(['/instance/dispose'])
  await ask()
  // Tokens are renewed all the time.
  writeFileSync(join(folder, 'auth.json'), JSON.stringify(tokens('bb')))
  await ask()
  expect(calls).toHaveLength(1)
})

test('a file of the user wants another server', async () => {
  const { user, ask, calls } = edited({ busy: false })
  await ask()
  writeFileSync(user, '{"model":"a/b"}')
  await ask()
  expect(calls).toEqual(['restart'])
})

test.each(['file', 'user'] as const)('R1: while something runs it waits: %s', async (which) => {
  const { ask, calls, ...files } = edited({ busy: true })
  await ask()
  writeFileSync(files[which], '{"model":"a/b"}')
  await ask()
  expect(calls).toEqual([])
})

test('R1: a run that was only just begun counts as running, until its end was reported', async () => {
  const { file, ask, calls, link, submit } = edited({ busy: false })
  await submit('ses_1')
  writeFileSync(file, '{"model":"a/b"}')
  await ask()
  expect(calls).toEqual([])
  link.inFlight.finish('ses_1')
  await ask()
  expect(calls).toEqual(['/instance/dispose'])
})
