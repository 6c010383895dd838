/** A person's command runs as in that person's terminal, ends in one of five ways, and leaves nothing that nobody can end. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BOT, living, shellWorld, until } from './fixtures/shell-world.ts'
import { signalToGroup } from '../support/pids.ts'

describe('a command', () => {
  test.each([
    ['true', 0, ''],
    ['echo failed; exit 3', 3, 'failed\n'],
    ['sh -c "kill -9 \\$\\$"; exit $?', 137, expect.anything()],
    ['nobody-has-this-program', 127, expect.stringContaining('not found')],
    ['echo "', 2, expect.stringContaining('unexpected EOF')],
  ])('"%s" tells its exit code %i', async (command, code, text) => {
    const end = await shellWorld().shell().sh(command)
    expect(end).toMatchObject({ kind: 'exited', code, background: false, output: { text } })
  })

  test('that is killed tells the signal', async () => {
    expect(await shellWorld().shell().sh('echo last; kill -SEGV $$')).toMatchObject({
      kind: 'killed',
      signal: 'SIGSEGV',
      output: { text: 'last\n' },
    })
  })

  test('runs in its folder, has no input, and may open its outputs again', async () => {
    const world = shellWorld()
    const { output } = await world
      .shell()
      .sh('pwd; cat; read -r x || echo no input; echo one >/dev/stderr; echo two >/dev/stdout')
    expect(output.text).toBe(`${world.dir}\nno input\none\ntwo\n`)
  })

  test('tells what it writes to both outputs in its order', async () => {
    const { output } = await shellWorld().shell().sh('for i in $(seq 500); do echo out $i; echo err $i >&2; done')
    expect(output.text).toBe(Array.from({ length: 500 }, (_, i) => `out ${i + 1}\nerr ${i + 1}\n`).join(''))
  })

  test.each([
    ['/bin/bash', '/bin/bash'],
    ['bash', '/bin/sh'],
    ['/no/such/shell', '/bin/sh'],
    ['/etc/passwd', '/bin/sh'],
    ['/bin', '/bin/sh'],
    ['/bin/false', '/bin/sh'],
    [undefined, '/bin/sh'],
  ])('of a user whose SHELL is %s is read by %s', async (wanted, used) => {
    const shell = shellWorld().shell({ environment: { ...BOT, SHELL: wanted } })
    expect((await shell.sh('echo $0')).output.text).toBe(`${used}\n`)
  })

  test('does not see the bot’s secrets; what is the user’s it does see', async () => {
    const environment = {
      ...BOT,
      KIMAKI_BOT_TOKEN: 'tok-1',
      __KIMAKI_CHILD: 'tok-2',
      OPENCODE_SERVER_PASSWORD: 'tok-3',
      THEIRS: 'tok-4',
    }
    const { output } = await shellWorld().shell({ environment }).sh('env; tr "\\0" "\\n" </proc/$$/environ; env -0 | cat')
    expect(output.text.match(/tok-\d/g)).toEqual(['tok-4', 'tok-4', 'tok-4'])
  })

  test('runs at once, and not twice at a time under one id', async () => {
    const shell = shellWorld().shell()
    const first = shell.start('echo here; sleep 60', { id: 'same' })
    await first.said('here')
    expect(await shell.sh('echo again', { id: 'same' })).toMatchObject({ kind: 'failed', output: { text: '' } })
    shell.stop('same')
    expect((await first.end).kind).toBe('stopped')
    expect(await shell.sh('echo again', { id: 'same' })).toMatchObject({ kind: 'exited', code: 0 })
  })

  test('whose folder is gone, or is none, is not run', async () => {
    const world = shellWorld()
    writeFileSync(join(world.dir, 'file'), '')
    for (const directory of [join(world.dir, 'gone'), join(world.dir, 'file')]) {
      const end = await world.shell().sh('echo never', { directory })
      expect(end).toMatchObject({ kind: 'failed', reason: expect.stringContaining(directory), output: { text: '' } })
    }
  })

  test.each([
    ['without a record', 'shell/running.json.new/x'],
    ['without a folder', 'shell'],
  ])('%s is not run', async (_name, inTheWay) => {
    const world = shellWorld()
    const path = join(world.dataDir, inTheWay)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
    expect(await world.shell().sh(`touch ${world.dir}/ran`)).toMatchObject({ kind: 'failed' })
    expect(existsSync(join(world.dir, 'ran'))).toBe(false)
  })
})

describe('what is written', () => {
  const HOSTILE = [
    `printf '%s\\n' '$(echo twice)' '\`echo twice\`' '$HOME' "a  b" '"' "it's" '\\n' '*' '~' '$0 $1 $@' '; echo twice' '%s'`,
    `printf '%s|' "$(printf '%s' '$(echo twice)')" \\\\ \\$\\(echo twice\\)`,
    `echo 'the $(echo first) line'\necho "second"\t# a comment\necho \\\nthird`,
    `x='$(echo twice)'; echo "$x"; echo \${x@Q}`,
    `cat <<'EOF'\n$(echo twice) \`echo twice\`\nEOF`,
  ]
  const once = (text: string) => execFileSync('/bin/bash', ['-c', text], { encoding: 'utf8', env: { ...BOT } })

  test.each(HOSTILE)('is read by one shell, once: %s', async (text) => {
    expect((await shellWorld().shell().sh(text)).output.text).toBe(once(text))
  })

  test('would come out otherwise if it were read twice', () => {
    const twice = (text: string) =>
      execFileSync('/bin/bash', ['-c', `bash -c "${text}" 2>&1 || true`], { encoding: 'utf8', env: { ...BOT } })
    expect(HOSTILE.filter((text) => twice(text) === once(text))).toEqual([])
  })

  test.each(['-i', '--version', '-c "echo option"', '+x', '-'])('is never an option of the shell: %s', async (text) => {
    expect(await shellWorld().shell().sh(text)).toMatchObject({ kind: 'exited', code: 127 })
  })

  test('and has a NUL in it is refused', async () => {
    expect(await shellWorld().shell().sh('echo a\0b')).toMatchObject({ kind: 'failed', reason: expect.stringContaining('NUL') })
  })
})

describe('a command that is to end', () => {
  const DEAF = 'trap "" TERM; echo group $$; while :; do sleep 0.2; done'
  const quick = { killAfterMs: 200 }

  test('because its time is over is ended with its group, even if it ignores TERM', async () => {
    const started = shellWorld().shell({ limits: quick }).start(DEAF, { timeLimitMs: 1_500 })
    const group = await started.group()
    const { tookMs, ...end } = await started.end
    expect(end).toEqual({ kind: 'timed-out', output: { text: `group ${group}\n`, overflow: undefined } })
    expect(tookMs).toBeGreaterThan(1_400)
    expect(living(group)).toEqual([])
  })

  test('would live on if it were only asked to', async () => {
    const world = shellWorld()
    const shell = world.shell({ limits: { killAfterMs: 500, giveUpAfterMs: -200 } })
    const started = shell.start(DEAF, { timeLimitMs: 1_500 })
    const group = await started.group()
    expect((await started.end).kind).toBe('timed-out')
    expect(living(group)).not.toEqual([])
    expect(world.logged).toEqual([expect.stringContaining('does not end')])
    await shell.stopAll()
    expect(readFileSync(join(world.dataDir, 'shell/running.json'), 'utf8')).toContain(`"group":${group}`)
    signalToGroup(group, 'SIGKILL')
    await until('the end of the group', () => living(group).length === 0)
  })

  test('because a person stops it keeps what it said', async () => {
    const shell = shellWorld().shell()
    const started = shell.start('echo group $$; sleep 60 | cat')
    const group = await started.group()
    shell.stop(started.id)
    expect(await started.end).toMatchObject({ kind: 'stopped', output: { text: `group ${group}\n` } })
    expect(living(group)).toEqual([])
  })

  test('is stopped also when it ends by itself on TERM, and has its last word', async () => {
    const shell = shellWorld().shell()
    const started = shell.start('trap "echo cleaned up; exit 0" TERM; echo ready; sleep 60 & wait')
    await started.said('ready')
    shell.stop(started.id)
    shell.stop(started.id)
    expect(await started.end).toMatchObject({ kind: 'stopped', output: { text: 'ready\ncleaned up\n' } })
  })

  test('has ended already, or was never there: nothing happens', async () => {
    const shell = shellWorld().shell()
    const started = shell.start('true')
    expect((await started.end).kind).toBe('exited')
    shell.stop(started.id)
    shell.stop('unknown')
  })
})

describe('what a command puts in the background', () => {
  const SERVER = 'echo group $$; sleep 60 &'

  test('does not hold it up, and goes on until somebody stops it', async () => {
    const shell = shellWorld().shell()
    const started = shell.start(SERVER)
    expect(await started.end).toMatchObject({ kind: 'exited', code: 0, background: true })
    const group = await started.group()
    expect(living(group)).toHaveLength(1)
    shell.stop(started.id)
    await until('the end of the background', () => living(group).length === 0)
  })

  test('would hold it up if all of the output were waited for', async () => {
    const command = 'sleep 3 & echo started'
    expect(await shellWorld().shell().sh(command)).toMatchObject({ background: true })
    expect(
      await shellWorld()
        .shell({ limits: { drainMs: 20_000 } })
        .sh(command),
    ).toMatchObject({ background: false })
  })

  test('may go on writing', async () => {
    const world = shellWorld()
    const shell = world.shell()
    const started = shell.start('echo group $$; (while :; do echo tick; echo tick >>ticks; sleep 0.02; done) &')
    const end = await started.end
    const lines = () => readFileSync(join(world.dir, 'ticks'), 'utf8').length / 5
    const then = lines()
    await until('more of it', () => lines() > then + 10)
    expect(end).toMatchObject({ kind: 'exited', background: true, output: { text: expect.not.stringContaining('\n\n') } })
    expect(living(await started.group())).not.toEqual([])
  })

  test('is ended when the time is over', async () => {
    const started = shellWorld().shell().start(SERVER, { timeLimitMs: 3_000 })
    expect((await started.end).kind).toBe('exited')
    const group = await started.group()
    expect(living(group)).toHaveLength(1)
    await until('the end of the background', () => living(group).length === 0)
  })
})

describe('the bot’s stop', () => {
  test('leaves no process of any group, and lets none begin', async () => {
    const world = shellWorld()
    const shell = world.shell()
    const commands = [
      'echo group $$; sleep 60 &',
      'echo group $$; trap "" TERM; while :; do sleep 0.2; done',
      'echo group $$; yes | cat >/dev/null',
      'echo group $$; nohup sleep 60 >/dev/null 2>&1 & sleep 60',
      'echo group $$; kill -STOP $$',
    ].map((command) => shell.start(command))
    const groups = await Promise.all(commands.map((command) => command.group()))
    await commands[0]?.end
    // The red control: before it, the same look finds all of them.
    expect(groups.map((group) => living(group).length > 0)).toEqual(groups.map(() => true))

    const begin = performance.now()
    await shell.stopAll()
    expect(performance.now() - begin).toBeLessThan(3_000)
    expect(living(...groups)).toEqual([])
    expect(await Promise.all(commands.slice(1).map(async ({ end }) => (await end).kind))).toEqual(Array(4).fill('stopped'))

    expect(await shell.sh(`touch ${world.dir}/ran`)).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^not run: Kimaki was stopped before it had begun/),
    })
    expect(existsSync(join(world.dir, 'ran'))).toBe(false)
    expect(JSON.parse(readFileSync(join(world.dataDir, 'shell/running.json'), 'utf8'))).toEqual({ version: 1, groups: [] })
  })

  test('without commands is nothing', async () => {
    const shell = shellWorld().shell()
    expect([await shell.stopAll(), await shell.stopAll()]).toEqual([undefined, undefined])
  })
})
