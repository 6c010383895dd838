/** What a model and its provider may do to a run: it ends visibly, and the thread works afterwards. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Rule, Step } from 'scripted-model'
import { fault } from '../faults/kinds.ts'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { useHarness } from '../support/use-harness.ts'

const SILENCE_MS = 2000
const FULL = `This model's maximum context length is 8000 tokens. However, your messages resulted in 9000 tokens.`
const failures = new Map<string, number>()

/** Fails `times` times a tag, then answers. */
function atFirst(match: RegExp, times: number, failure: Step): Rule {
  return {
    match,
    steps: ([, tag = '']) => {
      const before = failures.get(tag) ?? 0
      failures.set(tag, before + 1)
      return before < times ? [failure] : [{ kind: 'text', text: `Answer to ${tag}` }]
    },
  }
}

const RULES: readonly Rule[] = [
  atFirst(/busy (#m\d+)/, 2, { kind: 'error', status: 429, message: 'Rate limit reached', retryAfterS: 1 }),
  atFirst(/down (#m\d+)/, 2, { kind: 'error', status: 503, message: 'Upstream is down', retryAfterS: 1 }),
  { match: /broke (#m\d+)/, steps: [{ kind: 'error', status: 429, message: 'Quota is used up', retryAfterS: 1 }] },
  atFirst(/full (#m\d+)/, 1, { kind: 'error', status: 400, message: FULL }),
  { match: /hangs (#m\d+)/, steps: [{ kind: 'stall' }] },
  { match: /halfway (#m\d+)/, steps: [{ kind: 'stall', text: 'I begin, and' }] },
  { match: /wordless (#m\d+)/, steps: [{ kind: 'empty' }] },
  { match: 'endless', steps: [{ kind: 'text', text: 'And on it goes', finish: 'eos_token' }] },
  { match: /for ever empty (#m\d+)/, steps: [{ kind: 'empty', finish: 'none' }] },
  {
    match: /patient (#m\d+)/,
    steps: ([, tag]) => [
      { kind: 'tools', calls: [{ name: 'bash', args: { command: `sleep ${(SILENCE_MS * 2) / 1000}`, description: 'Wait' } }] },
      { kind: 'text', text: `Answer to ${tag}` },
    ],
  },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

const { harness, project } = useHarness({ rules: RULES })

let bot: InnerBot

beforeAll(async () => {
  bot = await startInnerBot(harness)
})

let tags = 0
const ask = (what: string, channelId = project.channelId): string => harness.owner.send(channelId, `${what} #m${(tags += 1)}`).id

/** The thread answers the next message as if nothing had been. */
async function worksAfterwards(thread: string): Promise<void> {
  ask('and now', thread)
  await harness.untilSaid(thread, `Answer to #m${tags}`)
  harness.expectFaithful()
}

const notices = (thread: string): readonly string[] => harness.said(thread).filter((text) => text.startsWith('⬦'))

test.each([
  ['busy', /Rate limit reached/],
  ['down', /Upstream is down/],
])(`${fault('the provider refuses for now')}: %s for a while, one notice, edited, and the answer`, async (what, message) => {
  const thread = ask(what)
  await harness.untilSaid(thread, /asking the provider again <t:\d+:R>/)
  await harness.untilSaid(thread, `Answer to #m${tags}`)
  await harness.untilSaid(thread, /the provider was asked again 2 times$/)
  expect(notices(thread)).toHaveLength(1)
  expect(notices(thread)[0]).toMatch(message)
  await worksAfterwards(thread)
})

test(`${fault('the provider refuses for now')}: to the end, the notice, then the failure`, async () => {
  const thread = ask('broke')
  await harness.untilSaid(thread, /^✗ opencode session error: Quota is used up/)
  await harness.untilSaid(thread, /^⬦ Quota is used up: the provider was asked again \d+ times$/)
  expect(notices(thread)).toHaveLength(1)
  await worksAfterwards(thread)
})

test(`${fault('the run ends with a reason')}: an answer without a word says so`, async () => {
  const thread = ask('wordless')
  await harness.untilSaid(thread, /^⬦ the model ended its answer without a word/)
  await worksAfterwards(thread)
})

test(`${fault('the run ends with a reason')}: a model that ends each step without a word is stopped`, async () => {
  const thread = ask('for ever empty')
  await harness.untilSaid(thread, /^✗ stopped: the model kept sending empty answers/)
  await worksAfterwards(thread)
})

test(`${fault('the run ends with a reason')}: a model whose answers never say that they are complete is stopped`, async () => {
  const thread = harness.owner.send(project.channelId, 'endless').id
  await harness.untilSaid(thread, /^✗ stopped: the model never said that its answer was complete/)
  expect(harness.said(thread).length).toBeLessThan(20)
  await worksAfterwards(thread)
})

test('a context that is full is summed up, seen in a notice, and the message is answered', async () => {
  const thread = ask('hello')
  await harness.untilSaid(thread, `Answer to #m${tags}`)
  ask('full', thread)
  await harness.untilSaid(thread, /^⬦ the context was full: what came before has been summed up/)
  await harness.untilSaid(thread, `Answer to #m${tags}`)
  await worksAfterwards(thread)
})

test.each([
  ['that does not fit even then', [{ match: /^/, steps: [{ kind: 'error', status: 400, message: FULL }] }]],
  [
    'whose context cannot be summed up',
    [
      { match: /never fits/, steps: [{ kind: 'error', status: 400, message: FULL }] },
      { match: /^/, withoutTools: true, steps: [{ kind: 'error', status: 400, message: FULL }] },
    ],
  ],
] satisfies readonly (readonly [string, readonly Rule[]])[])(
  `${fault('the run ends with a reason')}: a message %s`,
  async (_what, rules) => {
    harness.model.setRules(rules)
    const thread = ask('never fits')
    await harness.untilSaid(thread, /^✗/)
    harness.model.setRules(RULES)
    await worksAfterwards(thread)
  },
)

test(`${fault('the run ends with a reason')}: a model that does not exist`, async () => {
  const other = await harness.project('beta')
  const file = join(other.directory, 'opencode.json')
  writeFileSync(file, harness.openCodeConfig({ model: 'nowhere/none' }))
  const thread = ask('hello', other.channelId)
  await harness.untilSaid(thread, /^✗.*nowhere/)
  writeFileSync(file, harness.openCodeConfig())
  await worksAfterwards(thread)
})

test(`${fault('the run ends with a reason')}: an agent that does not exist (P-041)`, async () => {
  const other = await harness.project('gamma')
  const file = join(other.directory, 'opencode.json')
  writeFileSync(file, harness.openCodeConfig({ default_agent: 'nobody' }))
  const thread = ask('hello', other.channelId)
  await harness.untilSaid(thread, /^✗.*nobody/)
  writeFileSync(file, harness.openCodeConfig())
  await worksAfterwards(thread)
})

/** Last, because no other test may fail where a busy machine is silent for so long. */
describe('with little patience', () => {
  beforeAll(async () => {
    // Killed, it leaves OpenCode to the next one.
    bot.kill()
    await bot.gone
    bot = await startInnerBot(harness, { env: { KIMAKI_MODEL_SILENCE_MS: String(SILENCE_MS) } })
  })

  test.each(['hangs', 'halfway'])(
    `${fault('the model hangs')}: %s, it is stopped after the silence, and the thread says so`,
    async (what) => {
      const startedAt = performance.now()
      const thread = ask(what)
      await harness.untilSaid(thread, /^✗ stopped: the model sent nothing for 2s/)
      expect(performance.now() - startedAt).toBeGreaterThan(SILENCE_MS)
      await worksAfterwards(thread)
    },
  )

  test('a tool that is silent for longer than that is left alone', async () => {
    const thread = ask('patient')
    await harness.untilSaid(thread, `Answer to #m${tags}`)
    expect(harness.said(thread).filter((text) => text.startsWith('✗'))).toEqual([])
  })
})
