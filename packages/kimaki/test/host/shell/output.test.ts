/** What is told of a command's output: at once, now and then, readable, and never more than the bot can hold. */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { shellWorld, until, type TestShell } from '../fixtures/shell-world.ts'

const BOT = fileURLToPath(new URL('../fixtures/command-bot.ts', import.meta.url))
const logs = (dataDir: string) => readdirSync(join(dataDir, 'shell')).filter((name) => name.endsWith('.log'))

describe('the output', () => {
  test('comes first at once, then about once a second, and not after the end', async () => {
    const started = shellWorld().shell().start('echo first; for i in $(seq 30); do echo $i; sleep 0.1; done')
    await started.said('first')
    const end = await started.end
    const told = started.outputs.length
    expect(started.outputs[0]?.text).toMatch(/^first\n/)
    expect(told).toBeGreaterThan(1)
    // It takes 3 s or, on a busy machine, longer.
    expect(told).toBeLessThan(30)
    expect(new Set(started.outputs.map(({ text }) => text)).size).toBe(told)
    expect(end.output.text.endsWith('\n30\n')).toBe(true)
    expect(started.outputs).toHaveLength(told)
  })

  test('that somebody cannot take ends nothing', async () => {
    const world = shellWorld()
    const end = await world.shell().sh('echo hello', {
      onOutput: () => {
        throw new Error('no')
      },
    })
    expect(end).toMatchObject({ kind: 'exited', output: { text: 'hello\n' } })
    expect(world.logged).toEqual([expect.stringContaining('could not be told')])
  })

  test('has no escapes, and of a line written over its last state', async () => {
    const { output } = await shellWorld()
      .shell()
      .sh(
        `printf '\\033[31mred\\033[0m \\033]0;title\\007plain\\n'; for i in 10 50 100; do printf '\\rdone %s%%' $i; sleep 0.05; done; printf '\\r\\n'; printf 'dos\\r\\n\\atick\\ttab\\n'`,
      )
    expect(output.text).toBe('red plain\ndone 100%\ndos\ntick\ttab\n')
  })

  test('keeps a character that comes in two pieces', async () => {
    const started = shellWorld().shell().start(`printf 'a\\342\\202'; sleep 0.3; printf '\\254b'`)
    expect((await started.end).output.text).toBe('a€b')
  })

  test('may be garbage', async () => {
    const end = await shellWorld().shell().sh('head -c 3000000 /dev/urandom; cat /bin/sh; printf "\\n\\377end"')
    expect(end.kind).toBe('exited')
    expect(end.output.text).not.toMatch(/[^\P{Cc}\n\t]/u)
    expect(end.output.text.endsWith('\n\uFFFDend')).toBe(true)
  })
})

describe('a long output', () => {
  /** 50 MB; each line is 50 bytes and has its number. */
  const LONG = `seq -f 'line %043.0f.' 1000000`
  const BOUND = 2 * 512 * 1024 + 100

  /** The most memory that was in use, above what was before, in MB. */
  async function memoryOf(shell: TestShell) {
    const before = inUse()
    let most = 0
    const end = await shell.sh(LONG, { onOutput: () => void (most = Math.max(most, inUse() - before)) })
    return { end, megabytes: Math.max(most, inUse() - before) }
  }

  test('is told by its head and its tail, in little memory', async () => {
    const world = shellWorld()
    const { end, megabytes } = await memoryOf(world.shell())
    const { text, overflow } = end.output
    expect(end).toMatchObject({ kind: 'exited', code: 0 })
    expect(text.length).toBeLessThan(BOUND)
    expect(text.startsWith('line 0000000000000000000000000000000000000000001.\n')).toBe(true)
    expect(text.endsWith('1000000.\n')).toBe(true)
    const [mark = ''] = /\[… [\d,]+ characters left out …\]\n/.exec(text) ?? []
    expect(Number(mark.replaceAll(/\D/g, ''))).toBe(overflow?.omitted)
    expect(text.length - mark.length + (overflow?.omitted ?? 0)).toBe(50_000_000)
    expect(
      text
        .replace(mark, '')
        .split('\n')
        .every((line) => line === '' || line.length === 49),
    ).toBe(true)
    // About 10 of its own; other files share the process, and what they let go is not always collected at once.
    expect(megabytes).toBeLessThan(30)
    expect(overflow).toMatchObject({ file: expect.stringContaining(world.dataDir), complete: false })
    expect(statSync(overflow?.file ?? '').size).toBe(25_000_000)
  })

  test('would fill the memory if all of it were kept', async () => {
    const { end, megabytes } = await memoryOf(shellWorld().shell({ limits: { headChars: Infinity } }))
    expect(end.output.text.length).toBeGreaterThan(BOUND)
    expect(megabytes).toBeGreaterThan(40)
  })

  test('is whole in a private file, cleaned too', async () => {
    const world = shellWorld()
    const { output } = await world.shell().sh(`yes "$(printf 'wr\\rright \\033[1m€\\033[0m')" | head -n 300000; printf end`)
    expect(output.overflow?.complete).toBe(true)
    const path = output.overflow?.file ?? ''
    expect(readFileSync(path, 'utf8')).toBe(`${'right €\n'.repeat(300_000)}end`)
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
    expect((statSync(join(path, '..')).mode & 0o777).toString(8)).toBe('700')
  })

  test('V31: of garbage does not lie about in the memory of the bot, either', async () => {
    const world = shellWorld()
    const bot = spawn(process.execPath, [BOT, world.dataDir, world.dir, 'head -c 30000000 /dev/urandom'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void bot.kill('SIGKILL'))
    let said = ''
    bot.stdout.setEncoding('utf8').on('data', (data: string) => (said = (said + data).slice(-100)))
    await until('its end', () => said.includes('memory: '))
    const [, kilobytes] = /memory: (\d+)/.exec(said) ?? []
    // 30 MB, and 200 MB of garbage take no more than 60; it was 120 and more when all of it was strings.
    expect(Number(kilobytes)).toBeLessThan(75_000)
  })

  test('is reported by its end only', async () => {
    const started = shellWorld()
      .shell({ limits: { outputMs: 50 } })
      .start('seq 100000; sleep 0.2; echo end')
    await started.said('end')
    expect(started.outputs.every(({ text }) => text.length <= 4000)).toBe(true)
    expect(started.outputs.at(-1)?.text.endsWith('\n100000\nend\n')).toBe(true)
  })

  const small = { headChars: 100, tailChars: 100 }

  test('of few characters has no file', async () => {
    const world = shellWorld()
    const { output } = await world.shell({ limits: small }).sh('seq 40')
    expect(output.overflow).toBeUndefined()
    expect(logs(world.dataDir)).toEqual([])
  })

  test('without lines is cut anywhere, but in no character', async () => {
    const { output } = await shellWorld()
      .shell({ limits: { ...small, fileBytes: 1_001 } })
      .sh(`printf '👍%.0s' $(seq 1000); echo`)
    expect(output.text).toMatch(/^(👍)+\n\[… 1,8\d\d characters left out …\]\n(👍)+\n$/u)
    expect(readFileSync(output.overflow?.file ?? '', 'utf8')).toBe('👍'.repeat(250))
  })

  test('goes on without its file when the disk refuses', async () => {
    const world = shellWorld()
    mkdirSync(join(world.dataDir, 'shell/long.log'), { recursive: true })
    const { output } = await world.shell({ limits: small }).sh('seq 1000', { id: 'long' })
    expect(output.overflow).toMatchObject({ file: undefined, complete: false })
    expect(output.text.endsWith('\n1000\n')).toBe(true)
    expect(world.logged).toHaveLength(1)
  })

  test('has its file in our folder, whatever the id is, and only the newest are kept', async () => {
    const world = shellWorld()
    const shell = world.shell({ limits: { ...small, files: 2 } })
    for (const id of ['first', 'second', '../../../third']) await shell.sh('seq 1000', { id })
    expect(logs(world.dataDir)).toEqual(['_________third.log', 'second.log'])
  })
})

/** MB, after all that can be given back is. */
function inUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}
