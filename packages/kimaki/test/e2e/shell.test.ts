/** `!command` from Discord to a real shell and back, whatever dies. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { groups } from '../../src/opencode/process/process.ts'
import { buttonsIn, press } from '../support/buttons.ts'
import { INTERRUPTED } from '../support/harness.ts'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { until } from '../support/until.ts'
import { useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'
import { WEAKENED } from './weakened.ts'
import { signalToGroup } from '../support/pids.ts'

const LATE = 'not run: it was written while Kimaki was away'

const { harness, project, ask: send } = useHarness({ rules: E2E_RULES, emulator: { rateLimits: true } })
let bot: InnerBot

beforeAll(async () => {
  bot = await startInnerBot(harness)
})

/** What the bot has written; Discord's own notices are its messages, too. */
const cards = (thread: string) =>
  harness.emulator.world.messages(thread).filter(({ author, content }) => author.id === harness.application.id && content !== '')
const inProject = (name: string): string => join(project.directory, name)
const living = (group: number): readonly number[] => (groups().get(group) ?? []).flatMap(({ pid, dead }) => (dead ? [] : [pid]))

/** What the bot's messages in a thread have said, in the order of its posts and edits. */
const faces = (thread: string): readonly string[] =>
  harness.emulator.journal.entries.flatMap((entry) =>
    entry.kind === 'message' && entry.by === 'bot' && entry.channelId === thread ? [entry.content] : [],
  )

/** Once it runs: its thread and the number of its process group, which it says itself. */
async function running(command: string): Promise<{ readonly thread: string; readonly group: number }> {
  const thread = send(`!echo group $$; ${command}`)
  const group = Number(/group (\d+)/.exec(await harness.untilSaid(thread, /group \d+\n/))?.[1])
  expect(living(group)).not.toEqual([])
  onTestFinished(() => {
    if (living(group).length > 0) signalToGroup(group, 'SIGKILL')
  })
  return { thread, group }
}

async function killBot(): Promise<void> {
  bot.kill()
  await bot.gone
}

describe('a command', () => {
  test('tells what it says in one message that is edited, and its exit code at the end', async () => {
    const thread = send('!for i in 1 2 3; do echo line $i; sleep 1.3; done; exit 3')
    await harness.untilSaid(thread, /exit 3 after \ds$/)
    await expect(await harness.transcript(thread)).toMatchFileSnapshot('snapshots/shell.txt')
    expect(cards(thread)).toHaveLength(1)
    expect(cards(thread)[0]?.content).toMatch(/^⬦ \$ for i in 1 2 3; [^]*\n```\nline 1\nline 2\nline 3\n```\nexit 3 after \ds$/)
    expect(faces(thread).some((face) => face.includes('line 2') && !face.includes('line 3') && face.endsWith('running'))).toBe(
      true,
    )
  })

  test('runs in the project’s folder, and no model hears of it', async () => {
    const asked = harness.model.log.length
    const thread = send('!pwd; echo "$KIMAKI_BOT_TOKEN"')
    await harness.untilSaid(thread, `\`\`\`\n${project.directory}\n\`\`\`\nexit 0`)
    expect(harness.model.log).toHaveLength(asked)
  })

  test('in colours is told without them, and cannot leave its code block', async () => {
    const thread = send("!printf '\\033[31mred\\033[0m\\n\\140\\140\\140\\n# out\\n'")
    const text = await harness.untilSaid(thread, 'exit 0')
    expect(text).toContain('\nred\n')
    expect(text.match(/```/g)).toHaveLength(2)
    expect(text.split('```')[1]).toContain('# out')
  })

  test('that says more than fits brings all of it as a file', async () => {
    const thread = send('!seq 1 5000')
    const all = `${Array.from({ length: 5000 }, (_, line) => line + 1).join('\n')}\n`
    expect(await harness.untilSaid(thread, 'attached')).toBe(
      `⬦ $ seq 1 5000: exit 0 after <1s\nAll of its output is attached.\n${all}`,
    )
    expect(await harness.untilSaid(thread, /exit 0 after <1s$/)).toMatch(/\n…\n\d+\n[^]*\n5000\n```\n/)
  })

  test('that talks all the time stays within Discord’s limits', async () => {
    const thread = send('!for i in $(seq 60); do echo line $i; sleep 0.1; done')
    await harness.untilSaid(thread, 'exit 0 after')
    const requests = harness.emulator.journal.entries.filter(({ kind }) => kind === 'request')
    expect(requests.filter((entry) => entry.kind === 'request' && entry.status === 429)).toEqual([])
    expect(faces(thread).length).toBeLessThan(12)
  })

  test('leaves a run of the agent alone', async () => {
    const thread = send('slow tool #m1')
    await harness.untilSaid(thread, 'Working on #m1')
    send('!echo beside', thread)
    await harness.untilSaid(thread, /beside[^]*exit 0/)
    await harness.untilSaid(thread, 'Done with #m1')
    expect(harness.said(thread).filter((text) => INTERRUPTED.test(text) || text.includes('stopped'))).toEqual([])
    harness.expectFaithful()
  })

  test('of somebody without rights is nothing, and they cannot stop others’', async () => {
    const eve = harness.emulator.world.user('eve')
    harness.guild.join(eve)
    eve.send(project.channelId, '!touch eve')
    const { thread, group } = await running('sleep 60')
    eve.send(thread, '!touch eve')
    const [stop] = buttonsIn(harness, thread)
    const refused = eve.press(thread, stop?.messageId ?? '', stop?.customId ?? '')
    await harness.emulator.world.until('the refusal', () => refused.response?.content.includes('may not use') || undefined)
    expect(living(group)).not.toEqual([])
    expect(existsSync(inProject('eve'))).toBe(false)
    press(harness, thread, 'Stop')
    await harness.untilSaid(thread, 'stopped by **ada**')
  })

  test('that is stopped by its button ends with all that it has started', async () => {
    const { thread, group } = await running('sleep 60 & sleep 60 | cat; echo never')
    await until('all of them', () => living(group).length > 3)
    press(harness, thread, 'Stop')
    const text = await harness.untilSaid(thread, /stopped by \*\*ada\*\* after \S+$/)
    expect(text.split('\n')).not.toContain('never')
    expect(living(group)).toEqual([])
    expect(cards(thread)[0]?.components).toEqual([])
    await expect((await harness.transcript(thread)).replace(/group \d+/, 'group N')).toMatchFileSnapshot(
      'snapshots/shell-stopped.txt',
    )
  })
})

describe('killed with `kill -9`, the bot', () => {
  test('is back: what it ran is ended and not run again, and the thread says so', async () => {
    const { thread, group } = await running('echo once >> ran; sleep 60')
    await killBot()
    expect(living(group)).not.toEqual([])
    bot = await startInnerBot(harness)
    await harness.untilSaid(thread, /group \d+\n```\n✗ stopped: Kimaki was restarted before it had ended/)
    await until('its end', () => living(group).length === 0)
    expect(readFileSync(inProject('ran'), 'utf8')).toBe('once\n')
    expect(cards(thread)[0]?.components).toEqual([])
  })

  test.each([
    ['told again by the gateway', () => undefined],
    ['found by reading the channel', () => harness.emulator.gateway.expire(harness.application.id)],
  ])('does not run what was written meanwhile (%s), and says so', async (_how, expire) => {
    await killBot()
    expire()
    const thread = send('!touch late')
    bot = await startInnerBot(harness)
    await harness.untilSaid(thread, LATE)
    await harness.untilSaid(send('!echo now'), 'exit 0')
    expect(existsSync(inProject('late'))).toBe(false)
  })

  test('red control: were it not told what is old, it would run it', async () => {
    await killBot()
    const thread = send('!touch much-too-late')
    bot = await startInnerBot(harness, { decorate: () => WEAKENED['takes-old-for-new'] })
    await harness.untilSaid(thread, 'exit 0')
    expect(existsSync(inProject('much-too-late'))).toBe(true)
  })
})

test('a command that takes too long is ended', async () => {
  await bot.stop()
  bot = await startInnerBot(harness, { env: { KIMAKI_SHELL_TIMEOUT_MS: '2000' } })
  const { thread, group } = await running('sleep 60')
  await harness.untilSaid(thread, /timed out after 2s$/)
  expect(living(group)).toEqual([])
})

describe('an orderly stop', () => {
  test('ends it, with what ignores being asked, and the thread says why', async () => {
    await bot.stop()
    bot = await startInnerBot(harness)
    const { thread, group } = await running('sleep 60')
    const deaf = await running('trap "" TERM; while :; do sleep 0.2; done')
    const startedAt = performance.now()
    await bot.stop()
    expect(performance.now() - startedAt).toBeLessThan(5000)
    expect([...living(group), ...living(deaf.group)]).toEqual([])
    expect(cards(thread)[0]?.content).toMatch(/\nstopped after \S+: Kimaki was stopped$/)
    bot = await startInnerBot(harness)
    await harness.untilSaid(deaf.thread, /Kimaki was (?:stopped|restarted)/)
  })

  test('red control: were they left to themselves, they would go on', async () => {
    await bot.stop()
    bot = await startInnerBot(harness, { decorate: () => WEAKENED['leaves-commands'] })
    const { group } = await running('sleep 60')
    await bot.stop()
    expect(living(group)).not.toEqual([])
  })
})
