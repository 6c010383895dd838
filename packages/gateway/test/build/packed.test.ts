/** The package as an operator has it: packed, installed into an empty folder without the network, started; and the container's file against it. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { SETTINGS } from '../../src/config.ts'
import { freePort } from '../support/free-port.ts'

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))
const OFFLINE = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

/** A build must not notice that a test asked for it, nor npm that a script of another npm did. */
async function npm(cwd: string, args: readonly string[]): Promise<string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => name !== 'NODE_ENV' && !/^(?:VITE|npm_(?!config_cache))/i.test(name),
  )
  return (await promisify(execFile)('npm', args, { cwd, env: Object.fromEntries(kept), timeout: 120_000 })).stdout
}

test('packed and installed it brings nothing beside it, tells its settings, and starts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-gateway-packed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [source, prefix] = [join(folder, 'source'), join(folder, 'prefix')]
  for (const one of [source, prefix]) mkdirSync(one)
  for (const piece of ['package.json', 'README.md', 'LICENSE', 'bin'])
    cpSync(join(PACKAGE, piece), join(source, piece), { recursive: true })
  await npm(PACKAGE, ['run', 'build', '--', '--outDir', join(source, 'dist'), '--logLevel', 'error'])
  await npm(source, ['pack', ...OFFLINE])
  const tarball = readdirSync(source).find((name) => name.endsWith('.tgz')) ?? ''
  writeFileSync(join(prefix, 'package.json'), '{ "private": true }')
  await npm(prefix, ['install', ...OFFLINE, join(source, tarball)])
  expect(readdirSync(join(prefix, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['kimaki-gateway'])
  expect(readFileSync(join(prefix, 'node_modules/kimaki-gateway/dist/licenses.md'), 'utf8')).toContain('## ws - ')

  const bin = join(prefix, 'node_modules/.bin/kimaki-gateway')
  const env = { PATH: process.env['PATH'] ?? '' }
  const { stdout } = await promisify(execFile)(bin, ['--help'], { env })
  for (const name of Object.keys(SETTINGS)) expect(stdout).toContain(name)
  const port = await freePort()
  const child = spawn(bin, {
    cwd: folder,
    env: {
      ...env,
      KIMAKI_GATEWAY_APPLICATION_ID: '1',
      KIMAKI_GATEWAY_CLIENT_SECRET: 'secret',
      KIMAKI_GATEWAY_BOT_TOKEN: 'token',
      KIMAKI_GATEWAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
      KIMAKI_GATEWAY_PORT: String(port),
      // Nobody listens there.
      KIMAKI_GATEWAY_API_URL: 'http://127.0.0.1:9/api',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(child.stderr, 'data')) as [Buffer]
  expect(line.toString()).toContain('the gateway listens')
  const health = await fetch(`http://127.0.0.1:${port}/healthz`)
  expect([health.status, await health.json()]).toEqual([503, { ok: false, problems: ['Discord is not connected'] }])
  child.kill('SIGTERM')
  expect((await once(child, 'exit'))[0]).toBe(0)
})

test('the container’s file packs this package, starts its program, and keeps its database in the volume', () => {
  const docker = readFileSync(join(PACKAGE, 'Dockerfile'), 'utf8')
  expect(docker).toContain(`npm pack --workspace ${packageJson.name}`)
  const [program] = JSON.parse(/^CMD (\[.*\])$/m.exec(docker)?.[1] ?? '[]') as readonly string[]
  expect(Object.keys(packageJson.bin)).toContain(program)
  for (const [, name = ''] of docker.matchAll(/(KIMAKI_GATEWAY_\w+)=/g)) expect(Object.keys(SETTINGS)).toContain(name)
  const volume = /^VOLUME (\S+)$/m.exec(docker)?.[1] ?? ''
  expect(docker).toContain(`KIMAKI_GATEWAY_DATABASE=${volume}/`)
  expect(docker).toMatch(new RegExp(`^FROM node:${/\d+/.exec(packageJson.engines.node)?.[0]}-`, 'm'))
})

test('the page names every setting that must be set, and none that is not there', () => {
  const page = readFileSync(join(PACKAGE, 'README.md'), 'utf8')
  const named = new Set([...page.matchAll(/KIMAKI_GATEWAY_[A-Z_]+/g)].map(([name]) => name))
  expect(Object.keys(SETTINGS)).toEqual(expect.arrayContaining([...named]))
  for (const name of Object.keys(SETTINGS).slice(0, 4)) expect(named).toContain(name)
})
