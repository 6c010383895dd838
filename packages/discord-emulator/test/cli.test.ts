import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { caller } from './support/town.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
/** Node keeps compiled code here: a second start takes a third of the CPU time. */
const NODE_COMPILE_CACHE = fileURLToPath(new URL('../../../node_modules/.cache/discord-emulator-tests', import.meta.url))

function run(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.err += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, output, ended }
}

test('it prints where it listens and tokens that work, and ends with Ctrl-C', async () => {
  const { child, output, ended } = run('--port', '0')
  await expect.poll(() => output.out).toContain('library-owner')
  const facts = Object.fromEntries(
    output.out
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/) as [string, string]),
  )
  const { api = '', token = '', channel = '' } = facts
  const call = caller({ apiUrl: api } as Parameters<typeof caller>[0], { token })
  expect((await call('POST', `/channels/${channel}/messages`, { content: 'hello' })).status).toBe(200)
  const clerk = caller({ apiUrl: api } as Parameters<typeof caller>[0], { token: facts['library-token'] ?? '' })
  expect((await clerk('GET', `/channels/${facts['library-channel']}/messages`)).body).toMatchObject([
    { content: 'Quiet, please.' },
  ])
  expect((await clerk('GET', `/channels/${channel}`)).body).toMatchObject({ code: 50001 })
  child.kill('SIGINT')
  expect(await ended).toBe(0)
})

test('help and rules are printed, and nothing is started', async () => {
  const help = run('--help')
  expect(await help.ended).toBe(0)
  expect(help.output.out).toContain('--port N')
  const rules = run('--rules')
  expect(await rules.ended).toBe(0)
  expect(rules.output.out).toContain('| Close code | Reason |')
})

test.each([
  [['--port', 'many'], '--port must be a number from 0 to 65535, not "many".\n'],
  [['--prot', '4000'], "Unknown option '--prot'. See discord-emulator --help.\n"],
  [['4000'], "Unexpected argument '4000'. See discord-emulator --help.\n"],
  [['--port'], "Option '--port <value>' argument missing. See discord-emulator --help.\n"],
])('%s is refused in a sentence', async (args, sentence) => {
  const { output, ended } = run(...args)
  expect(await ended).toBe(64)
  expect(output.err).toBe(sentence)
})

test('a port in use is refused in a sentence', async () => {
  const first = run()
  await expect.poll(() => first.output.out).toContain('api')
  const port = /:(\d+)\/api/.exec(first.output.out)?.[1] ?? ''
  const second = run('--port', port)
  expect(await second.ended).toBe(64)
  expect(second.output.err).toContain(`Port ${port} cannot be used (something listens there`)
})
