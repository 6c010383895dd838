/** The invariants of a conversation's runner, each in the titles of its tests. */
import { describe, expect, test } from 'vitest'
import { BatchRejected } from '../../../src/base/errors.ts'
import type { Feature } from '../../../src/domain/conversation/feature.ts'
import type { Request } from '../../../src/domain/conversation/request.ts'
import { NO_POSTS } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, type Rules } from '../../../src/domain/conversation/step.ts'
import { deadLetterText } from '../../../src/view/text/notice.ts'
import { SESSION, answer, busy, conversation, delivered, idle, message, prompt, text, user } from '../../support/conversation.ts'
import { commandEvent } from '../support/harness.ts'
import { runnerBed, type RunnerBed } from '../support/runner.ts'
import { quiet } from '../support/until.ts'

const hello = (words = 'hello'): Request => ({ kind: 'message', message: message(words) })

const throwing = (): never => {
  throw new Error('poison')
}

/** Rules with one more feature. */
const withFeature = (feature: Partial<Feature>): Rules => ({
  ...DEFAULT_RULES,
  features: [...DEFAULT_RULES.features, { name: 'test', version: 1, initial: undefined, ...feature }],
})

/** What says `poison` cannot be taken, unless `isCured`. */
const poisonous = (isCured: () => boolean = () => false): Rules =>
  withFeature({
    takes: { prompt: (_, { message: { text: words } }) => (words === 'poison' && !isCured() ? throwing() : undefined) },
  })

/** Long enough for every pause. */
async function pass({ clock }: RunnerBed): Promise<void> {
  for (let pauses = 0; pauses < 12; pauses += 1) {
    await quiet(3)
    clock.advance(30_000)
  }
  await quiet(3)
}

const aborted = (): unknown => AbortSignal.abort().reason

describe('R1: one input at a time', () => {
  test('the next is taken when the one before was committed and acted upon', async () => {
    const bed = runnerBed()
    const writing = Promise.withResolvers<undefined>()
    bed.rows.onCommit = async () => writing.promise
    const [one, two] = [bed.row(1, hello('one')), bed.row(2, hello('two'))]
    bed.runner.accept(one)
    bed.runner.accept(two)
    await quiet(5)
    expect(bed.journal).toEqual([])
    bed.rows.onCommit = async () => undefined
    writing.resolve(undefined)
    await quiet(5)
    expect(bed.rows.done()).toEqual([1, 2])
    expect(bed.journal.lastIndexOf('commit')).toBeGreaterThan(bed.journal.indexOf('effect open-thread'))
    expect(bed.runner.state?.turn.prompts.map(({ message: { text: words } }) => words)).toEqual(['one', 'two'])
  })

  test('a row that is handed on twice, or was read with the others, is taken once', async () => {
    const bed = runnerBed()
    const row = bed.row(1, hello())
    bed.runner.accept(row)
    bed.runner.accept(row)
    await quiet(5)
    bed.runner.accept(row)
    await quiet(5)
    expect(bed.rows.done()).toEqual([1])
  })
})

describe('R2: nothing is acted upon before its commit has resolved', () => {
  test('effects and posts follow the commit', async () => {
    const bed = runnerBed()
    const writing = Promise.withResolvers<undefined>()
    bed.rows.onCommit = async () => writing.promise
    bed.runner.accept(bed.row(1, hello()))
    await quiet(5)
    expect([bed.journal, bed.runner.state]).toEqual([[], undefined])
    writing.resolve(undefined)
    await quiet(5)
    expect(bed.journal.slice(0, 2)).toEqual(['commit', 'effect open-thread'])
  })

  test('a batch that can never be written is acted upon never', async () => {
    const bed = runnerBed()
    bed.rows.onCommit = async ({ conversation: changed }) => (changed ? new BatchRejected({ reason: 'NOT NULL' }) : undefined)
    bed.runner.accept(bed.row(1, hello()))
    await pass(bed)
    expect(bed.journal.filter((line) => line !== 'commit')).toEqual([])
  })

  test('what nobody has to remember needs no commit', async () => {
    const bed = runnerBed()
    bed.rows.state = conversation()
    bed.runner.push({ kind: 'agent', at: 1, event: busy })
    await quiet(5)
    expect(bed.runner.state?.turn.status).toEqual({ kind: 'busy' })
    expect(bed.rows.batches).toEqual([])
  })
})

describe('R3: a throw drops the state', () => {
  test('it is read again, and the row runs again', async () => {
    let isCured = false
    const bed = runnerBed({ rules: poisonous(() => isCured) })
    bed.runner.accept(bed.row(1, hello('poison')))
    bed.rows.onLoad = () => void (isCured = bed.rows.loads > 1)
    await quiet(5)
    expect(bed.rows.loads).toBe(2)
    expect(bed.rows.batches[0]).toMatchObject({ tried: { order: 1, error: expect.stringContaining('poison') as string } })
    expect(bed.rows.done()).toEqual([1])
  })

  test('what waits behind it is not lost', async () => {
    let isCured = false
    const bed = runnerBed({ rules: poisonous(() => isCured) })
    bed.rows.onLoad = () => void (isCured = bed.rows.loads > 1)
    bed.runner.accept(bed.row(1, hello('poison')))
    bed.runner.accept(bed.row(2, hello('two')))
    bed.runner.push({ kind: 'thread-renamed', at: 1, name: 'x' })
    await quiet(5)
    expect(bed.rows.done()).toEqual([1, 2])
  })

  test('rows that cannot be read are read again after pauses', async () => {
    const bed = runnerBed()
    bed.rows.onLoad = () => (bed.rows.loads < 4 ? throwing() : undefined)
    bed.runner.accept(bed.row(1, hello()))
    await quiet(5)
    expect(bed.rows.loads).toBe(2)
    bed.clock.advance(500)
    await quiet(5)
    expect(bed.rows.loads).toBe(3)
    bed.clock.advance(1000)
    await quiet(5)
    expect([bed.rows.loads, bed.rows.done()]).toEqual([4, [1]])
  })

  test('a throw half-way through what was read is followed by another reading', async () => {
    let isCured = false
    const bed = runnerBed({
      act: {
        effect: () => (isCured ? undefined : throwing()),
        action: () => undefined,
        create: () => undefined,
        edit: () => undefined,
        changed: () => undefined,
        posted: () => undefined,
      },
    })
    bed.rows.state = conversation()
    bed.rows.effects = [{ key: 'abort/1', kind: 'abort', owner: 'run' }]
    bed.rows.onLoad = () => void (isCured = bed.rows.loads > 1)
    bed.runner.accept(bed.row(1, hello()))
    await quiet(5)
    expect([bed.rows.loads, bed.rows.done()]).toEqual([2, [1]])
  })
})

describe('R4: what has thrown three times is put aside with a notice', () => {
  test('a message is told, and the next one runs', async () => {
    const bed = runnerBed({ rules: poisonous() })
    bed.runner.accept(bed.row(1, hello('poison')))
    bed.runner.accept(bed.row(2, hello('two')))
    await pass(bed)
    expect(bed.rows.batches.filter(({ tried }) => tried)).toHaveLength(3)
    expect(bed.rows.done()).toEqual([1, 2])
    expect(bed.rows.state?.turn.prompts.map(({ phase }) => phase)).toMatchObject([
      { kind: 'ended', end: { kind: 'failed', reason: { kind: 'told', text: deadLetterText() } } },
      { kind: expect.not.stringContaining('ended') as string },
    ])
  })

  test('where even that throws, the notice is posted past the state', async () => {
    const bed = runnerBed({ rules: withFeature({ due: throwing }) })
    bed.runner.accept(bed.row(1, hello('poison')))
    await pass(bed)
    expect(bed.rows.batches.at(-1)).toMatchObject({ done: [1], fallbackPost: { post: { content: deadLetterText() } } })
    expect(bed.rows.inbox).toEqual([])
  })

  test('an effect counts as failed', async () => {
    const effect = { key: 'test/1', kind: 'test', owner: 'test' }
    const outcomes: string[] = []
    const bed = runnerBed({
      rules: withFeature({
        outcomes: {
          test(slice, _, { kind }) {
            outcomes.push(kind)
            return kind === 'failed' ? { slice } : throwing()
          },
        },
      }),
    })
    bed.rows.state = conversation()
    bed.rows.effects = [effect]
    const outcome = { kind: 'outcome', at: 1, effect, outcome: { kind: 'done' } } as const
    for (let times = 0; times < 3; times += 1) {
      bed.runner.push(outcome)
      await pass(bed)
    }
    expect(outcomes).toEqual(['done', 'done', 'done', 'failed'])
    expect(bed.rows.effects).toEqual([])
  })

  test('a session that cannot be taken in counts as one that cannot be read', async () => {
    const asked = user('msg_u', 1)
    const poison = {
      ...text('prt_1', ''),
      get text() {
        return throwing()
      },
    }
    const messages = [asked, answer('msg_a', asked, [poison])]
    const bed = runnerBed()
    bed.rows.state = conversation({ prompts: [prompt(1, delivered('msg_u', 1))] })
    for (let times = 0; times < 3; times += 1) {
      bed.runner.push({
        kind: 'snapshot',
        at: 1,
        snapshot: { status: { kind: 'idle' }, messages, title: undefined },
        meanwhile: [],
      })
      await pass(bed)
    }
    expect(bed.rows.batches.at(-1)?.conversation?.prompts).toMatchObject([
      { phase: { kind: 'ended', end: { reason: { text: deadLetterText() } } } },
    ])
  })
})

describe('R5: an AbortError is no defect', () => {
  async function failing(error: unknown): Promise<RunnerBed> {
    const bed = runnerBed()
    bed.rows.onCommit = async ({ tried }) => {
      if (tried) return undefined
      throw error
    }
    bed.runner.accept(bed.row(1, hello('one')))
    bed.runner.accept(bed.row(2, hello('two')))
    await quiet(5)
    return bed
  }

  test('nothing is logged or counted, no further input is taken, and the rows stay as they are', async () => {
    const { rows, lines, runner, journal } = await failing(aborted())
    expect([lines, rows.batches, rows.loads]).toEqual([[], [], 1])
    expect(rows.inbox.map(({ order, tries }) => [order, tries])).toEqual([
      [1, 0],
      [2, 0],
    ])
    expect([journal, runner.isIdle]).toEqual([[], true])
  })

  test('red control: any other error is logged, counted against its row, and the rows are read again', async () => {
    const { rows, lines } = await failing(new Error('broken'))
    expect(lines.some((line) => line.includes('could not take an input'))).toBe(true)
    expect(rows.inbox.some(({ tries }) => tries > 0)).toBe(true)
    expect(rows.loads).toBeGreaterThan(1)
  })

  test('a stop during a pause ends it', async () => {
    const bed = runnerBed()
    bed.rows.onLoad = throwing
    bed.runner.accept(bed.row(1, hello()))
    await quiet(5)
    expect(bed.clock.pending).toBe(1)
    const before = bed.lines.length
    bed.stop()
    await bed.runner.stop()
    expect([bed.clock.pending, bed.lines.length]).toEqual([0, before])
  })
})

describe('R6: a slash command is decided once the session has been read', () => {
  const command = (): Request => ({ kind: 'command', command: commandEvent('5', 'abort').command })
  const read = {
    kind: 'snapshot',
    at: 1,
    snapshot: { status: { kind: 'busy' }, messages: [user('msg_u', 1)], title: undefined },
    meanwhile: [],
  } as const
  /** What the command was answered, and whether the agent was busy then. */
  const asking = (isBusy: boolean[]): Rules => ({
    ...DEFAULT_RULES,
    runCommand: ({ turn }) => (isBusy.push(turn.status.kind === 'busy'), { requests: [], reply: 'ok' }),
  })

  test('until then it waits, and its row is not done; then it sees what runs', async () => {
    const isBusy: boolean[] = []
    const bed = runnerBed({ rules: asking(isBusy) })
    bed.rows.state = conversation({ isSynced: false, prompts: [prompt(1, { kind: 'ended', end: { kind: 'merged' } })] })
    bed.runner.accept(bed.row(1, command()))
    await quiet(5)
    expect([isBusy, bed.rows.done(), bed.runner.isIdle]).toEqual([[], [], false])
    bed.runner.push(read)
    await quiet(5)
    expect([isBusy, bed.rows.done()]).toEqual([[true], [1]])
  })

  test('a session that can never be read holds it no longer', async () => {
    const isBusy: boolean[] = []
    const bed = runnerBed({ rules: asking(isBusy) })
    bed.rows.state = conversation({ isSynced: false, prompts: [prompt(1, delivered('msg_u', 1))] })
    bed.runner.accept(bed.row(1, command()))
    await quiet(5)
    bed.runner.push({ kind: 'unreadable', at: 1, text: 'gone', final: true })
    await quiet(5)
    expect([isBusy, bed.rows.done()]).toEqual([[false], [1]])
  })

  test('one that waits is run once, though the state is read again meanwhile', async () => {
    const isBusy: boolean[] = []
    let isCured = false
    const bed = runnerBed({
      rules: { ...asking(isBusy), features: poisonous(() => isCured).features },
    })
    bed.rows.state = conversation({ isSynced: false, prompts: [prompt(1, delivered('msg_u', 1))] })
    bed.runner.accept(bed.row(1, command()))
    await quiet(5)
    bed.rows.onLoad = () => void (isCured = true)
    bed.runner.accept(bed.row(2, hello('poison')))
    await quiet(5)
    bed.runner.push(read)
    await quiet(5)
    expect(isBusy).toEqual([true])
    expect([...bed.rows.done()].toSorted((a, b) => a - b)).toEqual([1, 2])
  })

  test('a conversation whose session is read decides it at once', async () => {
    const isBusy: boolean[] = []
    const bed = runnerBed({ rules: asking(isBusy) })
    bed.rows.state = conversation()
    bed.runner.accept(bed.row(1, command()))
    await quiet(5)
    expect([isBusy, bed.rows.done()]).toEqual([[false], [1]])
  })
})

describe('a runner', () => {
  test('is idle when nothing is open; a post on its way, or a prompt, keeps it', async () => {
    const bed = runnerBed()
    bed.rows.state = conversation()
    bed.runner.push({ kind: 'resume', at: 1 })
    await quiet(5)
    expect(bed.runner.isIdle).toBe(true)
    const post = { ...fallback(), id: 'k1' }
    const busyBed = runnerBed()
    busyBed.rows.state = conversation({}, { posts: { ...NO_POSTS, outbox: [post] } })
    busyBed.runner.push({ kind: 'resume', at: 1 })
    await quiet(5)
    expect(busyBed.runner.isIdle).toBe(false)
  })

  test('stays in memory while an effect of it is under way: its outcome comes back to this one', async () => {
    const bed = runnerBed()
    const effect = { key: 'test/1', kind: 'test', owner: 'test' }
    bed.rows.state = conversation()
    bed.rows.effects = [effect]
    bed.runner.push({ kind: 'thread-renamed', at: 1, name: 'x' })
    await quiet(5)
    expect([bed.journal.includes('effect test'), bed.runner.isIdle]).toEqual([true, false])
    bed.runner.push({ kind: 'outcome', at: 1, effect, outcome: { kind: 'done' } })
    await quiet(5)
    expect(bed.runner.isIdle).toBe(true)
  })

  test('records what the agent says until it is told to end', () => {
    const { runner } = runnerBed()
    const recorded = runner.recordEvents()
    runner.push({ kind: 'agent', at: 1, event: busy })
    recorded.end()
    runner.push({ kind: 'agent', at: 1, event: idle })
    expect(recorded.events).toEqual([busy])
    expect(busy.session).toBe(SESSION)
  })
})

const fallback = () => ({
  channelId: '3',
  blocks: ['b'],
  content: 'x',
  file: undefined,
  notify: false,
  fallback: false,
  editable: false,
  buttons: [],
})
