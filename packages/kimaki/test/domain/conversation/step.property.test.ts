/** Whatever happens, in whatever order: the invariants hold, nothing is posted twice, and everything ends. */
import { assert, property, sample } from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { shell } from '../../../src/domain/conversation/features/shell.ts'
import { interrupts } from '../../../src/domain/conversation/features/interrupts.ts'
import { queue } from '../../../src/domain/conversation/features/queue.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { commands, type Command } from './commands.ts'
import { Model } from './model.ts'

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 250)
/** The same lists in each `npm test`, so that none fails by chance where nothing was changed; `npm run test:long` looks for new ones. */
const seed = process.env['PROPERTY_RUNS'] === undefined ? { seed: 4 } : {}
const TELL_EVERY = 50_000

test('random inputs keep the invariants, and a conversation that is left alone settles', () => {
  let runs = 0
  assert(
    property(commands, (list) => {
      runs += 1
      if (runs % TELL_EVERY === 0) process.stderr.write(`${runs} of ${RUNS} runs\n`)
      const model = new Model()
      model.play({ kind: 'message', n: 1 })
      for (const command of list) model.play(command)
      expect(model.drain()).toBe(true)
    }),
    { numRuns: RUNS, ...seed },
  )
})

/** What 1,500 random lists of commands, always the same, come past. */
class Reached {
  readonly shell = new Set<string>()
  readonly ends = new Set<string>()
  readonly answers = new Set<string>()
  readonly stops = new Set<string>()
  readonly recalls = new Set<string>()

  constructor() {
    for (const list of sample(commands, { numRuns: 1500, seed: 4 })) {
      const model = new Model()
      for (const command of [{ kind: 'message', n: 1 } as const, ...list]) {
        const wasStopping = model.state.turn.interrupting !== undefined
        model.play(command)
        this.#seeShell(model.state)
        this.#seeEnds(model.state)
        if (wasStopping) this.#seeStop(model.state, command)
      }
      for (const recall of model.recalls) this.recalls.add(recall)
      for (const reply of model.replies) if (!OTHERS.test(reply)) for (const part of partsOf(reply)) this.answers.add(part)
    }
  }

  #seeShell(state: Conversation): void {
    const { turn, posts } = state
    for (const { id, phase, stoppedBy } of shell.of(state)) {
      this.shell.add(phase.kind === 'ended' ? phase.end.kind : phase.kind)
      if (stoppedBy !== undefined) this.shell.add('a person stopped it')
      if (phase.kind === 'running' && turn.prompts.length === 0 && posts.posted.size === 1 && posts.posted.has(`shell/${id}`))
        this.shell.add('outlived')
    }
  }

  #seeEnds(state: Conversation): void {
    for (const { phase } of state.turn.prompts) if (phase.kind === 'ended') this.ends.add(phase.end.kind)
    for (const { phase } of queue.of(state)) if (phase.kind === 'removed') this.ends.add(phase.kind)
  }

  #seeStop(state: Conversation, { kind }: Command): void {
    const isStopping = state.turn.interrupting !== undefined
    if (kind === 'crash' && isStopping) this.stops.add('being stopped after a crash')
    if (kind === 'outcome' && interrupts.of(state).length > 0) this.stops.add('stopped')
    if (kind === 'message' && isStopping) this.stops.add('the next one waits')
  }
}

/** Answers to commands other than `/abort`. */
const OTHERS =
  /^(» |⬦ (done|taken out of the queue|session|asked aside)|✗ (no$|not undone|nothing waits|not (summed up|brought back)|this thread has no (session|worktree)|OpenCode does not know)|[⬦✗] nothing was merged)/

/** What the answer to a slash command says, without its numbers. */
function partsOf(reply: string): readonly string[] {
  const [first = '', second = ''] = reply.split('\n')
  return [
    first.slice(2).replace(/(nothing runs yet|took back|nothing to take back).*/, '$1'),
    ...(second.startsWith('Took back') ? ['and took back'] : []),
    ...(/Next: .*had not read/.test(second) ? ['next: unread'] : []),
    ...(/Next: .*already on the way/.test(second) ? ['next: already on the way'] : []),
    ...(/Next: .*from the queue/.test(second) ? ['next: the queue'] : []),
  ]
}

describe('the commands reach', () => {
  let reached: Reached

  beforeAll(() => {
    reached = new Reached()
  })

  test('shell commands that are begun, stopped, dropped, and that outlive a turn', () => {
    expect([...reached.shell].toSorted()).toEqual([
      'a person stopped it',
      'cut-off',
      'dropped',
      'not-run',
      'outlived',
      'running',
      'timed-out',
      'waiting',
    ])
  })

  test('every end of a prompt', () => {
    expect([...reached.ends].toSorted()).toEqual([
      'answered',
      'failed',
      'interrupted',
      'merged',
      'removed',
      'stopped',
      'stopped-by',
      'stopped-elsewhere',
      'withdrawn',
    ])
  })

  test('a slash command in every state that its answer distinguishes', () => {
    expect([...reached.answers].toSorted()).toEqual(
      [
        'nothing runs yet',
        'nothing to stop: the agent is idle',
        'nothing to stop: this thread has no session yet',
        'nothing to take back',
        'stopped a run that was begun outside this thread',
        'stopped the run',
        'stopped: the provider is not asked again',
        'the run is being stopped already',
        'there is no command /unknown',
        'took back',
        'and took back',
        'next: unread',
        'next: already on the way',
        'next: the queue',
      ].toSorted(),
    )
  })

  test('messages that are taken back and changed in the session, too late, and where they are not', () => {
    expect([...reached.recalls].toSorted()).toEqual(['absent', 'emptied', 'read', 'reworded'])
  })

  test('runs that are stopped for a message, also across a crash', () => {
    expect([...reached.stops].toSorted()).toEqual(['being stopped after a crash', 'stopped', 'the next one waits'])
  })
})
