/** Red controls of the judge of slash commands: what a crash run would leave behind, with one thing wrong each. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { APIMessage } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { amiss } from './amiss.ts'
import type { Evidence, SessionFacts, ThreadFacts } from './evidence.ts'
import { leaving, type Invocation } from './invocations.ts'

const PLACE = '100'
const answer = (content: string): Invocation['use'] => ({
  id: '200',
  state: 'answered',
  response: { content } as APIMessage,
})
const THINKING: Invocation['use'] = { id: '200', state: 'thinking', response: undefined }

const invoked = (name: string, proof: Invocation['proof'], use = answer('⬦ done')): Invocation => ({
  name,
  placeId: PLACE,
  tag: '#c1.',
  proof,
  use,
})
const thread: ThreadFacts = { id: PLACE, isOfMessage: true, isKnown: true, agent: undefined, session: 'ses_1' }
const session: SessionFacts = { id: 'ses_1', mark: PLACE, summaries: 0, undoneFrom: undefined }
const evidence: Evidence = {
  marks: [],
  asked: [],
  sessions: [session],
  threads: [thread],
  said: () => [],
  verbosities: {},
  pinned: {},
}
const saying = (...texts: readonly string[]): Partial<Evidence> => ({
  said: (place) => (place === PLACE ? texts.map((text, index) => ({ id: String(300 + index), text })) : []),
})
const asked = (...sessions: readonly string[]) => sessions.map((id) => ({ session: id, words: 'words #c1.' }))

test.each<[string, Invocation, Partial<Evidence>, RegExp | undefined]>([
  ['a shell command ran once', invoked('run-shell-command', 'mark'), { marks: ['#c1.'] }, undefined],
  ['a shell command ran twice', invoked('run-shell-command', 'mark'), { marks: ['#c1.', '#c1.'] }, /^acted twice/],
  ['a shell command was answered, and nothing ran', invoked('run-shell-command', 'mark'), {}, /^lost/],
  ['its card says that it was not run', invoked('run-shell-command', 'mark'), saying('⬦ $ echo #c1.: not run'), undefined],
  [
    'its card says that the bot was stopped',
    invoked('run-shell-command', 'mark'),
    saying('⬦ $ echo #c1.\nstopped after 0s: Kimaki was stopped'),
    undefined,
  ],
  [
    'its card says that it is still running',
    invoked('run-shell-command', 'mark'),
    saying('⬦ $ echo #c1.\nrunning'),
    /^lost.*stands in 100 "⬦ \$ echo #c1. running"$/,
  ],
  ['words reached one session', invoked('queue', 'words'), { asked: asked('ses_1', 'ses_1') }, undefined],
  ['words reached two sessions', invoked('queue', 'words'), { asked: asked('ses_1', 'ses_2') }, /^said in 2 sessions/],
  [
    'words stand in a copy, too, that was made before they were answered',
    invoked('queue', 'words'),
    { asked: asked('ses_1', 'ses_2'), sessions: [session, { ...session, id: 'ses_2', mark: 'fork-1' }] },
    undefined,
  ],
  [
    'words were said in two copies',
    invoked('btw', 'words'),
    {
      asked: asked('ses_2', 'ses_3'),
      sessions: ['ses_2', 'ses_3'].map((id) => ({ ...session, id, mark: `btw-${id}` })),
    },
    /^said in 2 sessions.* in ses_2 \(btw-ses_2\), ses_3/,
  ],
  ['words reached nobody', invoked('queue', 'words'), {}, /^lost/],
  ['words were taken back', invoked('queue', 'words'), saying('⬦ taken out of the queue'), undefined],
  ['it waits for ever', invoked('compact', 'summary', THINKING), {}, /^stuck/],
  ['it was told that it was not run', invoked('abort', 'answer', THINKING), saying('✗ /abort was not run: restarted'), undefined],
  ['another was told so', invoked('abort', 'answer', THINKING), saying('✗ /share was not run: restarted'), /^stuck/],
  ['a thread was named that there is not', invoked('resume', 'thread', answer('⬦ begun: <#7>')), {}, /^lost/],
  ['an agent was chosen, and is not', invoked('agent', 'agent'), {}, /^lost/],
  ['a level was set, and is not', invoked('verbosity', 'verbosity'), {}, /^lost/],
  ['a board was pinned twice', invoked('board', 'pinned'), { pinned: { [PLACE]: 2 } }, /^pinned twice/],
  ['two sessions of one mark', invoked('share', 'answer'), { sessions: [session, { ...session, id: 'ses_2' }] }, /^2 sessions/],
  [
    'a thread was opened, and another one taken',
    invoked('share', 'answer'),
    { threads: [thread, { ...thread, id: '7', isOfMessage: false, isKnown: false }] },
    /^a thread was opened for nothing/,
  ],
  [
    'an answer stands twice in a copy',
    invoked('share', 'answer'),
    { ...saying('a ⟦t000001⟧', 'a ⟦t000001⟧'), threads: [{ ...thread, isOfMessage: false }] },
    /stands twice/,
  ],
  ['summed up once', invoked('compact', 'summary'), { sessions: [{ ...session, summaries: 1 }] }, undefined],
  ['summed up twice', invoked('compact', 'summary'), { sessions: [{ ...session, summaries: 2 }] }, /^summed up 2 times/],
  [
    'undone as told',
    invoked('undo', 'undone', answer('✓ undone: "text #m2"')),
    { sessions: [{ ...session, undoneFrom: 'text #m2' }] },
    undefined,
  ],
  [
    'one more message is undone than told',
    invoked('undo', 'undone', answer('✓ undone: "text #m2"')),
    { sessions: [{ ...session, undoneFrom: 'text #m1' }] },
    /^undone from "text #m1"/,
  ],
])('%s', (_what, invocation, facts, found) => {
  const wrong = amiss({ ...evidence, ...facts }, [invocation])
  expect(wrong).toEqual(found ? [expect.stringMatching(found)] : [])
})

test('a shell that runs the command of an invocation leaves its tag, as a line of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'marks-'))
  execFileSync('/bin/sh', ['-c', `${leaving('#c1.')}; ${leaving('#c2.')}`], { cwd: folder })
  expect(readFileSync(join(folder, 'marks.txt'), 'utf8')).toBe('#c1.\n#c2.\n')
  rmSync(folder, { recursive: true })
})
