/** `kimaki upgrade` and `/upgrade-and-restart`: what is run depends on how Kimaki was installed, and is told before anything is done. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { upgradeAndRestart } from '../../src/commands/settings/upgrade-and-restart.ts'
import type { CommandTask, Outside } from '../../src/commands/declaration.ts'
import { commandLine, installerFor } from '../../src/cli/upgrade/installed.ts'
import { createUpgrade } from '../../src/cli/upgrade/npm.ts'
import type { UpgradePort } from '../../src/ports/upgrade.ts'

test.each([
  ['/usr/local/lib/node_modules/kimaki', 'npm install --global --prefix /usr/local kimaki@1.2.3'],
  ["/home/a'b/.nvm/lib/node_modules/kimaki", `npm install --global --prefix '/home/a'\\''b/.nvm' kimaki@1.2.3`],
  ['/home/a/.local/share/pnpm/global/5/.pnpm/kimaki@1.0.0/node_modules/kimaki', 'pnpm add --global kimaki@1.2.3'],
  ['/home/a/.bun/install/global/node_modules/kimaki', 'bun add --global kimaki@1.2.3'],
])('in %s: %s', (folder, command) => {
  const installer = installerFor(join(folder, 'bin/kimaki.cjs'), false)
  if (installer instanceof Error) throw installer
  expect(commandLine(installer('1.2.3'))).toBe(command)
})

test.each([
  ['/home/a/.npm/_npx/9f/node_modules/kimaki', false, 'npx -y kimaki@latest'],
  ['/code/app/node_modules/kimaki', false, 'the project /code/app. Upgrade it there with: npm install kimaki@latest'],
  ['/code/kimaki/packages/kimaki', true, 'cd /code/kimaki && git pull'],
])('in %s nothing can be installed, and what to do is told', (folder, isCheckout, words) => {
  const refused = installerFor(join(folder, 'bin/kimaki.cjs'), isCheckout)
  expect(refused).toBeInstanceOf(UsageError)
  expect((refused as UsageError).message).toContain(words)
})

/** A folder in which Kimaki seems to be installed for all, and a `npm` that writes down what it is asked. */
function installation(): { readonly script: string; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-upgrade-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const bin = join(folder, 'lib', 'node_modules', 'kimaki', 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'kimaki.cjs'), '')
  return { script: join(bin, 'kimaki.cjs'), folder }
}

test('the registry that npm is set to is asked, and nobody before that', async () => {
  const asked: string[] = []
  const registry = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        name: 'kimaki',
        'dist-tags': { latest: '9.8.7' },
        versions: { '9.8.7': { name: 'kimaki', version: '9.8.7' } },
      }),
    )
  })
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void registry.close())
  const { port } = registry.address() as AddressInfo
  const { script, folder } = installation()
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    npm_config_registry: `http://127.0.0.1:${port}/`,
    KIMAKI_BOT_TOKEN: 'never handed on',
  }
  const upgrade = createUpgrade({ current: '0.1.0', environment, script, restart: () => undefined })
  expect(asked).toEqual([])
  expect(await upgrade.look()).toEqual({
    current: '0.1.0',
    latest: '9.8.7',
    command: `npm install --global --prefix ${folder} kimaki@9.8.7`,
  })
  expect(asked).toEqual(['GET /kimaki'])
})

test('a failure of the package manager is a sentence, and a version that is none is not handed to it', async () => {
  const { script, folder } = installation()
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho "no room for $4 of \${KIMAKI_BOT_TOKEN:-nobody}" >&2\nexit 1\n`, {
    mode: 0o755,
  })
  const environment = { PATH: `${folder}:/usr/bin:/bin`, KIMAKI_BOT_TOKEN: 'x' }
  const upgrade = createUpgrade({ current: '0.1.0', environment, script, restart: () => undefined })
  expect(await upgrade.install('1.0.0')).toMatchObject({
    message: expect.stringContaining(`no room for ${folder} of nobody`) as string,
  })
  expect(await upgrade.install('1.0.0 --script')).toMatchObject({ message: expect.stringContaining('is no version') as string })
})

const task = (args: CommandTask['args'], isRetry = false) => ({ args, isRetry }) as CommandTask

function port(own: Partial<UpgradePort> = {}): UpgradePort & { readonly done: readonly string[] } {
  const done: string[] = []
  return {
    current: '1.0.0',
    look: async () => ({ current: '1.0.0', latest: '1.1.0', command: 'npm install kimaki@1.1.0' }),
    async install(version) {
      done.push(`install ${version}`)
      return undefined
    },
    restart() {
      done.push('restart')
      return undefined
    },
    ...own,
    done,
  }
}

const answered = async (upgrade: UpgradePort | undefined, args: CommandTask['args'], isRetry = false): Promise<string> =>
  JSON.stringify(await upgradeAndRestart.work?.({ upgrade } as Outside, task(args, isRetry)))

test('the command tells what it would run and does nothing before the button is pressed', async () => {
  const upgrade = port()
  const offer = await answered(upgrade, {})
  expect(offer).toContain('npm install kimaki@1.1.0')
  expect(offer).toContain('"upgrade:1.1.0"')
  expect(upgrade.done).toEqual([])
  const pressed = upgradeAndRestart.buttons?.['upgrade']?.(
    '1.1.0',
    ...([undefined, undefined, undefined] as unknown as [never, never, never]),
  )
  expect(await answered(upgrade, pressed?.work ?? {})).toContain('starts now')
  expect(upgrade.done).toEqual(['install 1.1.0', 'restart'])
})

test.each([
  [
    'the newest runs',
    port({ look: async () => ({ current: '1.1.0', latest: '1.1.0', command: '' }) }),
    {},
    '✓ Kimaki 1.1.0 is the newest',
  ],
  ['a checkout', port({ look: async () => new UsageError({ reason: 'git pull' }) }), {}, '✗ not upgraded\\ngit pull'],
  [
    'no wrapper',
    port({ restart: () => new UsageError({ reason: 'start it yourself' }) }),
    { version: '1.1.0' },
    'start it yourself',
  ],
  ['nothing to upgrade with', undefined, {}, 'kimaki upgrade'],
])('%s: a sentence', async (_, upgrade, args, words) => {
  expect(await answered(upgrade, args)).toContain(words)
})

test('the life that was started by the upgrade does not install it again', async () => {
  const upgrade = port({ current: '1.1.0' })
  expect(await answered(upgrade, { version: '1.1.0' }, true)).toContain('is installed and runs')
  expect(upgrade.done).toEqual([])
})
