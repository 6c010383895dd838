/** A second real OpenCode on the same data, as a terminal is: what is done there stands in Discord, and both do not work at once. */
import { spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBinary } from '../../src/opencode/process/binary.ts'
import { freePort } from '../support/bot-process.ts'
import { startInnerBot } from '../support/inner-bot.ts'
import { SHORT_LIVED } from '../support/lent-opencode.ts'
import { until } from '../support/until.ts'
import { useHarness } from '../support/use-harness.ts'

const { harness, project, ask } = useHarness({
  opencode: 'lent',
  rules: [
    {
      match: /wait for (\w+)/,
      steps: ([, file]) => [
        {
          kind: 'tools',
          calls: [{ name: 'bash', args: { command: `until [ -f ${file} ]; do sleep 0.05; done`, description: 'Wait' } }],
        },
        { kind: 'text', text: `Waited for ${file}.` },
      ],
    },
    { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
    { match: /say hi/, steps: [{ kind: 'text', text: 'Hi to the terminal.' }] },
  ],
})

let terminal: ChildProcess | undefined
let origin = ''

async function call(path: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const url = `${origin}${path}?directory=${encodeURIComponent(project.directory)}`
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.status === 204 ? undefined : response.json()
}
const types = async (session: string, text: string): Promise<unknown> =>
  call(`/session/${session}/prompt_async`, { parts: [{ type: 'text', text }] })

beforeAll(async () => {
  await startInnerBot(harness, { env: { KIMAKI_SYNC_EVERY_MS: '100' } })
  const binary = findBinary(undefined)
  if (binary instanceof Error) throw binary
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  const args = ['serve', '--hostname', '127.0.0.1', '--port', String(port)]
  terminal = spawn(binary, args, { cwd: project.directory, env: { ...harness.env, ...SHORT_LIVED }, stdio: 'ignore' })
  await until('the terminal', async () =>
    // A call that comes while it starts may stay without an answer.
    fetch(`${origin}/global/health`, { signal: AbortSignal.timeout(1000) }).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
})
afterAll(() => void terminal?.kill('SIGKILL'))

test('a session of a terminal gets a thread, is followed there, and a message waits for its run', async () => {
  const { id } = (await call('/session', {})) as { readonly id: string }
  await types(id, 'say hi')
  const thread = await harness.emulator.world.until('its thread', () =>
    harness.emulator.world.threads(project.channelId).find((one) => 'name' in one && one.name?.startsWith('Sync: ')),
  )
  await harness.untilSaid(thread.id, 'Hi to the terminal.')
  await types(id, 'wait for gate')
  await harness.untilSaid(thread.id, /bash _until/)
  ask('now this #m1', thread.id)
  await harness.untilSaid(thread.id, /^⬦ waits for a terminal/)
  expect(harness.said(thread.id).join('\n')).not.toContain('Answer to #m1')
  writeFileSync(join(project.directory, 'gate'), '')
  await harness.untilSaid(thread.id, 'Answer to #m1')
  const said = harness.said(thread.id).join('\n')
  expect(said).toMatch(
    /^⬦ this thread shows a session of a terminal[^]*» say hi[^]*Hi to the terminal\.[^]*» wait for gate[^]*Waited for gate\.[^]*Answer to #m1/,
  )
  expect(said.match(/^» .*|Hi to the terminal|Waited for gate\.|Answer to #m1/gm)).toHaveLength(5)
})
