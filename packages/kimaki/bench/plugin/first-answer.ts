/**
 * How much later the first answer in a new folder comes with the plugin than without, where the registry of npm cannot be reached; and how
 * much CPU time of OpenCode a message costs with and without. The real OpenCode; runs alternate. `node packages/kimaki/bench/plugin/first-answer.ts [messages] [rounds]`
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCodeProvider, openCodeTestEnvironment, startScriptedModel } from 'scripted-model'
import { pluginEnvironment } from '../../src/opencode/plugin/environment.ts'
import { findBinary } from '../../src/opencode/process/binary.ts'

const messages = Number(process.argv[2] ?? 40)
const rounds = Number(process.argv[3] ?? 3)
const TICKS_MS = 10

type Variant = 'without' | 'with' | 'with, retries as usual'

async function run(variant: Variant): Promise<{ readonly firstMs: number; readonly cpuMs: number }> {
  const dir = mkdtempSync(join(tmpdir(), 'plugin-bench-'))
  const model = await startScriptedModel({ rules: [{ match: /./, steps: [{ kind: 'text', text: 'Done.' }] }] })
  const { npm_config_offline: _offline, ...environment } = openCodeTestEnvironment(dir)
  const folder = join(dir, 'project')
  // OpenCode installs its types into every configuration folder: this one of the project is one.
  mkdirSync(join(folder, '.opencode'), { recursive: true })
  writeFileSync(join(folder, 'MEMORY.md'), '# Notes\n')
  const config = { ...openCodeProvider(model.url), snapshot: false, lsp: false, formatter: false }
  writeFileSync(join(folder, 'opencode.json'), JSON.stringify(config))
  const { npm_config_fetch_retries: retries, ...plugin } = variant === 'without' ? {} : pluginEnvironment(dir, environment)
  const binary = findBinary(undefined)
  if (binary instanceof Error) throw binary
  const child = spawn(binary, ['serve', '--port', '0'], {
    cwd: dir,
    env: {
      ...environment,
      npm_config_registry: 'http://127.0.0.1:9/',
      ...plugin,
      ...(variant === 'with' && retries !== undefined && { npm_config_fetch_retries: retries }),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const url = await new Promise<string>((resolve) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      const found = /http:\/\/[\d.:]+/.exec((text += String(chunk)))
      if (found && text.includes('listening')) resolve(found[0])
    })
  })
  const post = async (path: string, body: unknown): Promise<{ readonly id: string }> =>
    (await (
      await fetch(`${url}${path}?directory=${encodeURIComponent(folder)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).json()) as { readonly id: string }
  const cpu = (): number => {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICKS_MS
  }
  const began = performance.now()
  const { id } = await post('/session', { title: 'bench' })
  const say = async (): Promise<unknown> =>
    post(`/session/${id}/message`, { system: 'S', parts: [{ type: 'text', text: 'Hello' }] })
  await say()
  const firstMs = performance.now() - began
  const before = cpu()
  for (let index = 0; index < messages; index += 1) await say()
  const cpuMs = (cpu() - before) / Math.max(1, messages)
  child.kill('SIGKILL')
  await model.stop()
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  return { firstMs, cpuMs }
}

const results: Record<string, { firstMs: number[]; cpuMs: number[] }> = {}
const variants: readonly Variant[] = process.argv[4] ? ['with, retries as usual'] : ['without', 'with']
for (let round = 0; round < rounds; round += 1)
  for (const variant of variants) {
    const { firstMs, cpuMs } = await run(variant)
    const known = (results[variant] ??= { firstMs: [], cpuMs: [] })
    known.firstMs.push(Math.round(firstMs))
    known.cpuMs.push(Math.round(cpuMs * 10) / 10)
  }
process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`)
