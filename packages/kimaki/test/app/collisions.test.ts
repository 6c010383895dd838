/** Two threads of a project that write the same file are told so, once. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Collisions, filesWritten } from '../../src/app/conversation/collisions.ts'
import type { AgentPart } from '../../src/domain/agent.ts'
import { collisionBlocks } from '../../src/view/told/collisions.ts'
import { step } from '../../src/domain/conversation/step.ts'
import { FEATURES } from '../../src/domain/conversation/features/index.ts'
import { conversation, part, SESSION } from '../support/conversation.ts'
import { manualClock, type ManualClock } from './support/clock.ts'

const DIRECTORY = '/project/garden'
const wrote = (input: Readonly<Record<string, unknown>>, tool = 'edit', state = 'completed'): AgentPart =>
  ({ kind: 'tool', id: 'prt_1', callId: 'c', tool, state, input, title: undefined, error: undefined }) as AgentPart

describe('the files of a call', () => {
  test.each<[string, AgentPart, readonly string[]]>([
    ['an edit, by its whole path', wrote({ filePath: `${DIRECTORY}/src/a.ts` }), ['src/a.ts']],
    ['a write, by a path from the folder', wrote({ filePath: './src/a.ts' }, 'write'), ['src/a.ts']],
    ['a file outside of the folder', wrote({ filePath: '/etc/hosts' }), ['/etc/hosts']],
    [
      'a patch of several files',
      wrote(
        { patchText: '*** Begin Patch\n*** Update File: a.ts\n*** Move to: b.ts\n@@\n*** Add File: c.ts\n+x' },
        'apply_patch',
      ),
      ['a.ts', 'b.ts', 'c.ts'],
    ],
    ['a read is none', wrote({ filePath: 'a.ts' }, 'read'), []],
    ['a call that failed is none', wrote({ filePath: 'a.ts' }, 'edit', 'error'), []],
    ['a call that still runs is none', wrote({ filePath: 'a.ts' }, 'edit', 'running'), []],
    ['an input of another shape is none', wrote({ filePath: 7 }), []],
  ])('%s', (_what, call, files) => {
    expect(filesWritten(call, DIRECTORY)).toEqual(files)
  })
})

describe('two threads', () => {
  let clock: ManualClock
  let told: string[]
  let seen: Collisions
  beforeEach(() => {
    clock = manualClock()
    told = []
    seen = new Collisions(
      clock,
      (id, input) => void told.push(`${id}: ${input.kind === 'file-collided' ? `${input.file} ${input.other}` : ''}`),
    )
  })
  afterEach(() => expect(told.length % 2).toBe(0))

  const write = (id: string, file: string, directory = DIRECTORY): void =>
    seen.heard({ id, state: conversation({}, { id, directory }) }, part('msg_a', wrote({ filePath: file })))

  test('that write the same file are both told', () => {
    write('1', 'a.ts')
    write('2', `${DIRECTORY}/a.ts`)
    expect(told).toEqual(['2: a.ts 1', '1: a.ts 2'])
  })

  test('of which a subagent of one wrote it, too', () => {
    write('1', 'a.ts')
    const news = { kind: 'part', part: wrote({ filePath: 'a.ts' }) } as const
    seen.heard(
      { id: '2', state: conversation({}, { directory: DIRECTORY }) },
      { kind: 'subtask', session: SESSION, child: 'c', news },
    )
    expect(told).toHaveLength(2)
  })

  test.each<[string, () => void]>([
    ['write different files', () => (write('1', 'a.ts'), write('2', 'b.ts'))],
    ['are of different projects', () => (write('1', 'a.ts'), write('2', 'a.ts', '/project/other'))],
    ['are one thread', () => (write('1', 'a.ts'), write('1', 'a.ts'))],
    ['write it 15 minutes apart', () => (write('1', 'a.ts'), clock.advance(15 * 60_000), write('2', 'a.ts'))],
  ])('are told nothing where they %s', (_what, happens) => {
    happens()
    expect(told).toEqual([])
  })
})

describe('the line', () => {
  const collided = (file: string) => ({ kind: 'file-collided', at: 1, file, other: '200' }) as const

  test('names the other thread and the file, and waits for nothing', () => {
    const { state } = step(conversation(), collided('src/*a*.ts'))
    expect(collisionBlocks(state)).toMatchObject([
      { outOfBand: true, text: expect.stringMatching(/^⬦ <#200> has written \*\*src\/\\\*a\\\*\.ts\*\*/) },
    ])
  })

  test('is said once for a pair and a file, also when the turn was closed between', () => {
    const once = step(conversation(), collided('a.ts')).state
    expect(collisionBlocks(step(once, collided('a.ts')).state)).toHaveLength(1)
    const slices = Object.fromEntries(
      FEATURES.flatMap(({ name, closeTurn: close }) =>
        name === 'collisions' && close ? [[name, close(once.features[name])]] : [],
      ),
    )
    const closed = { ...once, features: { ...once.features, ...slices } }
    expect(collisionBlocks(step(closed, collided('a.ts')).state)).toEqual([])
    expect(collisionBlocks(step(closed, collided('b.ts')).state)).toHaveLength(1)
  })
})
