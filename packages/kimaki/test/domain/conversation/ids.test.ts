/** Ids of buttons and keys of blocks are on record, in messages and rows: each is made and read in one place, and keeps its name. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { COMMANDS } from '../../../src/commands/index.ts'
import { blockKey, pieceKey, wholeKey } from '../../../src/domain/conversation/posts/block-key.ts'
import { button, readButton, signed } from '../../../src/domain/conversation/posts/button.ts'
import { FEATURES } from '../../../src/domain/conversation/features/index.ts'
import { askIdOf } from '../../../src/app/control/ask-question.ts'
import type { Ask } from '../../../src/domain/agent.ts'
import { modalOf } from '../../../src/view/asks/modals.ts'
import { view } from '../../../src/view/index.ts'
import { SESSION } from '../../support/conversation.ts'
import { bash, option, Thread } from './asking.ts'

const SRC = fileURLToPath(new URL('../../../src/', import.meta.url))

const withoutComments = (source: string): string => source.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
const sources = globSync('**/*.ts', { cwd: SRC }).map((path) => ({
  path,
  lines: withoutComments(readFileSync(SRC + path, 'utf8')).split('\n'),
}))

/** First arguments of the calls of this function. */
const used = (name: string): readonly string[] => {
  const call = new RegExp(`\\b${name}\\('([^']+)'`, 'g')
  const found = sources.flatMap(({ lines }) => [...lines.join('\n').matchAll(call)].map(([, argument = '']) => argument))
  return [...new Set(found)].toSorted()
}

const KINDS = used('blockKey')
const ACTIONS = used('button')

/** Lines with a string that begins as one of these. */
function madeByHand(lines: readonly string[], begins: readonly string[], mark: string): readonly string[] {
  const byHand = new RegExp(`['"\`](${begins.join('|')})${mark}`)
  // Keys of effects and of timers are names of another kind.
  return lines.filter((line) => byHand.test(line) && !/^\s*key: |\btimers\./.test(line))
}

test('the kinds of blocks and the actions of buttons keep their names', () => {
  expect(KINDS).toEqual([
    'aside',
    'ask',
    'bots',
    'buttons',
    'collision',
    'compaction',
    'context-use',
    'cut',
    'elsewhere',
    'footer',
    'goes-on',
    'guest',
    'hold',
    'interrupt',
    'late',
    'launch',
    'long-run',
    'merge',
    'missed-command',
    'moved',
    'new-session',
    'notice',
    'origin',
    'part',
    'programs',
    'prompt',
    'queue',
    'retry',
    'room',
    'shell',
    'silence',
    'terminal',
    'toast',
    'turn',
    'turn-limit',
    'unread-files',
    'upload',
    'voice',
    'wordless',
    'worktree',
  ])
  expect(ACTIONS).toEqual([
    'act',
    'add-project-bare',
    'add-project-not',
    'add-project-trusted',
    'agent-clear',
    'agent-page',
    'agent-pick',
    'ask-allow',
    'ask-allow-always',
    'ask-choose',
    'ask-deny',
    'ask-deny-why',
    'ask-done',
    'ask-go-on',
    'ask-other',
    'ask-page',
    'ask-pick',
    'diff',
    'fork-child',
    'fork-from',
    'fork-page',
    'give-up',
    'let-in',
    'login-begin',
    'login-choice',
    'login-enter',
    'login-method',
    'login-out',
    'login-out-now',
    'login-provider',
    'login-providers',
    'merge-abort',
    'merge-again',
    'merge-undo',
    'model-clear',
    'model-model',
    'model-models',
    'model-provider',
    'model-providers',
    'model-scope',
    'model-variant',
    'model-variants',
    'permissions-page',
    'permissions-revoke',
    'schedule-confirm',
    'schedule-drop',
    'send-now',
    'stop',
    'stop-all',
    'stop-run',
    'stop-shell',
    'transcription-enter',
    'transcription-remove',
    'unqueue',
    'upgrade',
    'upload-decline',
    'upload-files',
    'voice-again',
    'worktrees-automatic',
    'worktrees-remove',
  ])
})

test('nobody makes an id by hand', () => {
  const found = sources.flatMap(({ path, lines }) =>
    [...madeByHand(lines, ACTIONS, ':'), ...madeByHand(lines, KINDS, '/')].map((line) => `${path}: ${line.trim()}`),
  )
  expect(found).toEqual([])
})

test('nobody numbers the pieces of a block by hand', () => {
  const numbering = sources.filter(({ lines }) => lines.some((line) => /key\}#/.test(line))).map(({ path }) => path)
  expect(numbering).toEqual(['domain/conversation/posts/block-key.ts'])
})

test('red control: an id made by hand is found', () => {
  expect(madeByHand(['const id = `stop:${about}`'], ACTIONS, ':')).toHaveLength(1)
  expect(madeByHand(["posted.has('part/' + id)", 'key: `prompt/${id}`,'], KINDS, '/')).toEqual(["posted.has('part/' + id)"])
})

test('nobody but the one place reads the id of a button', () => {
  const readers = sources.filter(({ lines }) => lines.some((line) => /\bcustomId\b(?!:)/.test(line)))
  const inDomain = readers.map(({ path }) => path).filter((path) => !path.startsWith('discord/'))
  expect(inDomain.toSorted()).toEqual([
    'app/intake/acceptances.ts',
    'domain/conversation/posts/button.ts',
    'domain/conversation/step.ts',
    'view/asks/modals.ts',
  ])
})

test('each button belongs to one feature, or to the answer of one command', () => {
  const owners = ACTIONS.map((action) =>
    [...FEATURES, ...COMMANDS].filter(({ buttons }) => buttons?.[action]).map(({ name }) => name),
  )
  expect(owners).toEqual([
    ['action-buttons'],
    ...ACTIONS.filter((action) => action.startsWith('add-project-')).map(() => ['add-project']),
    ...ACTIONS.filter((action) => action.startsWith('agent-')).map(() => ['agent']),
    ...ACTIONS.filter((action) => action.startsWith('ask-')).map(() => ['asks']),
    ['diff'],
    ['fork-subagent'],
    ['fork'],
    ['fork'],
    ['room'],
    ['guests'],
    ...ACTIONS.filter((action) => action.startsWith('login-')).map(() => ['login']),
    ...ACTIONS.filter((action) => action.startsWith('merge-')).map(() => ['merge']),
    ...ACTIONS.filter((action) => action.startsWith('model-')).map(() => ['model']),
    ['permissions'],
    ['permissions'],
    ['schedule'],
    ['schedule'],
    ['mirror'],
    ['stop'],
    ['stop'],
    ['stop'],
    ['shell'],
    ['transcription-key'],
    ['transcription-key'],
    ['queue'],
    ['upgrade-and-restart'],
    ['file-upload'],
    ['file-upload'],
    ['voice'],
    ['worktrees'],
    ['worktrees'],
  ])
})

test('each kind of message belongs to one feature, and each effect of a feature has its name', () => {
  const kinds = FEATURES.flatMap(({ takes = {} }) => Object.keys(takes))
  expect(kinds).toEqual([...new Set(kinds)])
  const names = FEATURES.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
  expect(names).not.toContain('run')
})

test('a button reads back as it was made, whatever it is about', () => {
  const { id, label } = button('unqueue', 'discord:1234', 'Remove from queue')
  expect({ id, label }).toEqual({ id: 'unqueue:discord:1234', label: 'Remove from queue' })
  expect(readButton(id)).toEqual({ action: 'unqueue', about: 'discord:1234' })
})

test('a piece of a block leads back to its key', () => {
  const key = blockKey('part', 'prt_1', 'rest')
  expect(key).toBe('part/prt_1/rest')
  expect([pieceKey(key, 0), pieceKey(key, 'end'), key].map(wholeKey)).toEqual([key, key, key])
})

test.each<readonly [string, Ask]>([
  ['a permission', bash('date', { id: `per_${'f'.repeat(40)}`, patterns: ['x'.repeat(5000)] })],
  ['a question with buttons', asked(5, false)],
  ['a question of many options and pages', asked(99, false)],
  [
    'a question of a tool, with a menu',
    { ...asked(99, true), id: askIdOf({ session: `ses_${'f'.repeat(60)}`, call: 'c'.repeat(200) }) },
  ],
])('P-080: the ids on the card of %s are signed and no longer than the 100 characters that Discord takes', (_what, ask) => {
  const ids = view(new Thread().asks(ask).state).flatMap(({ buttons = [], select }) =>
    [...buttons, ...(select ? [select] : [])].map(({ id }) => signed(id, 'w'.repeat(8))),
  )
  expect(ids.length).toBeGreaterThan(1)
  expect(ids.filter((id) => id.length > 100)).toEqual([])
})

function asked(count: number, multiple: boolean): Ask {
  const options = Array.from({ length: count }, (_, n) => option(`o${n}`))
  const question = { header: 'Which', text: 'Which?', options, multiple }
  return { id: `que_${'f'.repeat(40)}`, kind: 'question', session: SESSION, title: 'Which?', questions: [question] }
}

test('a form keeps within the 45 characters of its title and label, and the 100 of its placeholder', () => {
  const modals = ACTIONS.flatMap((action) => modalOf(`${action}:x`) ?? [])
  expect(modals.length).toBeGreaterThan(1)
  for (const { title, label, placeholder } of modals)
    expect([title.length <= 45, label.length <= 45, placeholder.length <= 100]).toEqual([true, true, true])
})
