import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JournalMessage } from '../src/index.ts'
import { emptyRun, judge } from './fixtures/run.ts'
import type { Run } from './fixtures/run.ts'
import { CHANNEL } from './fixtures/stories.ts'

/** A turn: how many messages wait for it, how many tool rounds with text come first, whether the answer is a file. */
const turn = fc.record({ waiting: fc.integer({ min: 1, max: 3 }), rounds: fc.integer({ min: 0, max: 2 }), file: fc.boolean() })
const threads = fc.array(fc.array(turn, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })

interface Turn {
  readonly waiting: number
  readonly rounds: number
  readonly file: boolean
}

/** Plays the threads turn by turn, side by side, as a product without defects would. */
function cleanRun(plan: readonly (readonly Turn[])[]): Run {
  const run = emptyRun()
  const homes = new Map<number, string>()
  let tag = 0
  const longest = Math.max(...plan.map(({ length }) => length))
  for (let round = 0; round < longest; round++) {
    for (const [index, turns] of plan.entries()) {
      const now = turns[round]
      if (now) playTurn(index, now)
    }
  }
  return run

  function playTurn(index: number, { waiting, rounds, file }: Turn): void {
    const session = `ses_${index}`
    for (let message = 0; message < waiting; message++) {
      const text = `task #m${++tag}`
      const home = homes.get(index)
      if (home === undefined) homes.set(index, run.person(CHANNEL, text))
      else run.person(home, text, { parent: CHANNEL })
      run.hear(session, text)
    }
    const home = homes.get(index) ?? ''
    for (let call = 0; call < rounds; call++)
      run.bot(home, `look ${run.answer(session, { tools: ['bash'] })}`, { parent: CHANNEL })
    const token = run.answer(session)
    run.bot(home, file ? 'see the file' : `done ${token}`, { parent: CHANNEL, attached: file ? [`done ${token}`] : [] })
  }
}

const tokenOf = ({ content, attachedTexts }: JournalMessage) => /⟦t\d+⟧/u.exec([content, ...attachedTexts].join(' '))?.[0] ?? ''

/** The bot's posts as they are, for a defect to pick from. */
function postsOf({ journal }: Run): readonly JournalMessage[] {
  return journal.filter(({ by }) => by === 'bot')
}

const pick = fc.nat({ max: 10_000 })

function at<T>(list: readonly T[], index: number): T {
  const one = list[index % list.length]
  if (one === undefined) throw new Error('nothing to pick')
  return one
}

test('a clean run is clean', () => {
  fc.assert(
    fc.property(threads, (plan) => {
      const verdict = cleanRun(plan).verdict()
      expect(verdict.findings).toEqual([])
      expect(verdict.answered).toBe(verdict.messages)
    }),
  )
})

test('any token shown once more is found', () => {
  fc.assert(
    fc.property(threads, pick, fc.boolean(), (plan, which, inside) => {
      const run = cleanRun(plan)
      const post = at(postsOf(run), which)
      const token = tokenOf(post)
      if (inside) run.edit(post.messageId, `${post.content} ${token}`)
      else run.bot(post.channelId, `once more ${token}`, { parent: CHANNEL })
      expect(run.verdict().findings).toContainEqual(expect.objectContaining({ kind: 'doubled', token }))
    }),
  )
})

test('any token taken away is found', () => {
  fc.assert(
    fc.property(threads, pick, fc.boolean(), (plan, which, deleted) => {
      const run = cleanRun(plan)
      const post = at(postsOf(run), which)
      const token = tokenOf(post)
      if (deleted) run.remove(post.messageId)
      const left = run.journal.filter((entry) => deleted || entry !== post)
      const answer = run.model.find((entry) => entry.token === token)
      const tags = answer?.answers.map((text) => text.replace('task ', ''))
      const lost = judge(left, run.model).findings.filter(({ kind }) => kind === 'lost')
      const named =
        lost.some((finding) => finding.token === token) || tags?.every((tag) => lost.some((finding) => finding.tag === tag))
      expect(named).toBe(true)
    }),
  )
})

test('any two answers that changed places are found', () => {
  fc.assert(
    fc.property(threads, pick, pick, (plan, one, other) => {
      const run = cleanRun(plan)
      const [a, b] = [at(postsOf(run), one), at(postsOf(run), other)]
      fc.pre(a !== b)
      const swapped = run.journal.map((entry) => (entry === a ? wearing(a, b) : entry === b ? wearing(b, a) : entry))
      const kind = a.channelId === b.channelId ? 'disordered' : 'crossed'
      const tokens = [tokenOf(a), tokenOf(b)]
      const found = judge(swapped, run.model).findings.filter((finding) => finding.kind === kind)
      expect(found.some(({ token = '' }) => tokens.includes(token))).toBe(true)
    }),
  )
})

function wearing(post: JournalMessage, { content, attachedTexts }: JournalMessage): JournalMessage {
  return { ...post, content, attachedTexts }
}

test('any two neighbouring prompts that changed places are found', () => {
  fc.assert(
    fc.property(threads, pick, pick, (plan, which, where) => {
      const run = cleanRun(plan)
      const last = [...Map.groupBy(run.model, ({ sessionId }) => sessionId).values()].flatMap((entries) => entries.at(-1) ?? [])
      const session = at(last, which)
      fc.pre(session.userTexts.length > 1)
      const index = where % (session.userTexts.length - 1)
      const swap = (texts: readonly string[]) => texts.toSpliced(index, 2, texts[index + 1] ?? '', texts[index] ?? '')
      const model = run.model.map((entry) => (entry === session ? { ...entry, userTexts: swap(entry.userTexts) } : entry))
      expect(judge(run.journal, model).findings).toContainEqual(expect.objectContaining({ kind: 'disordered' }))
    }),
  )
})

test('any prompt heard once more is found', () => {
  fc.assert(
    fc.property(threads, pick, pick, (plan, which, where) => {
      const run = cleanRun(plan)
      const entry = at(run.model, which)
      const text = at(entry.userTexts, where)
      const model = run.model.map((one) => (one === entry ? { ...one, userTexts: [...one.userTexts, text] } : one))
      const found = judge(run.journal, model).findings
      expect(found).toContainEqual(expect.objectContaining({ kind: 'doubled', tag: text.replace('task ', '') }))
    }),
  )
})
