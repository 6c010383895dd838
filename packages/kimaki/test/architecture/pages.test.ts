/** The rules about pages and effects can fail: small pages and declarations that break them, beside some that keep them. */
import { describe, expect, test } from 'vitest'
import { blocksIn, renewed } from '../../docs/blocks.ts'
import { importTable, orderTable } from '../../docs/tables.ts'
import { sourceTree } from '../../docs/tree.ts'
import { declaredKinds, effectViolations, type DeclaredEffect } from './effects.ts'
import { inSource } from './in-source.ts'
import { parse } from './modules.ts'
import { pointViolations } from './pages.ts'
import { ROOMS, SRC } from './plan.ts'

describe('the tree of the source', () => {
  const FILES = {
    'base/ids.ts': `/** Identifiers. More of them. */\nexport const a = 1`,
    'base/text.ts': `/**\n * Cutting\n * of text\n *\n * And more.\n */\n`,
    'app/control/server.ts': `#!/usr/bin/env node\n/** The API: one port, that is (as one may know) bound by one bot only, and by no other bot on this very machine; no more than one, whoever asks and however often. */`,
  }
  const purposes = { base: 'for all', app: 'the bot', 'app/control': 'for others' }
  const tree = (files: Readonly<Record<string, string>>, folders: Readonly<Record<string, string>> = purposes) =>
    sourceTree(new Map(Object.entries(files).map(([path, text]) => [SRC + path, text])), { root: SRC, purposes: folders })

  test('says of each folder what it is for, and of each file its first sentence', () => {
    expect(tree(FILES).split('\n')).toEqual([
      '```',
      'packages/kimaki/src',
      expect.stringMatching(/^ {2}base\/ +for all$/),
      expect.stringMatching(/^ {4}ids\.ts +Identifiers$/),
      expect.stringMatching(/^ {4}text\.ts +Cutting of text$/),
      expect.stringMatching(/^ {2}app\/ +the bot$/),
      expect.stringMatching(/^ {4}control\/ +for others$/),
      expect.stringMatching(
        /^ {6}server\.ts +The API: one port, that is bound by one bot only, and by no other bot on this very machine$/,
      ),
      '```',
    ])
  })

  test('changes with a new file, so that a page made before is told', () => {
    expect(tree({ ...FILES, 'base/new.ts': '/** New. */' })).not.toBe(tree(FILES))
  })

  test('is not made while a file or a folder has nothing to say', () => {
    expect(() => tree({ 'base/ids.ts': 'export const a = 1' })).toThrow('base/ids.ts does not begin with a comment')
    expect(() => tree(FILES, { base: 'for all', app: 'the bot' })).toThrow('app/control/ has no purpose')
  })
})

describe('tables', () => {
  const sources = new Map(
    ['base/a.ts', 'app/b.ts', 'git/c.ts', 'host/c.ts', 'app/x/d.ts', 'app/y.ts'].map((path) => [SRC + path, '']),
  )

  test('say who may import whom, of rooms that there are; adapters share a row', () => {
    const owners = { pino: 'host/log.ts', errore: 'base/' }
    expect(importTable(sources, { root: SRC, rooms: ROOMS, owners }).split('\n')).toEqual([
      '| may import → | base | app | adapters | Node | libraries |',
      '|---|---|---|---|---|---|',
      expect.stringMatching(/^\| \*\*base\*\* \|  \|  \|  \| crypto in `base\/`.* \| errore \|$/),
      expect.stringMatching(/^\| \*\*app\*\* \| yes \|  \|  \| timers/),
      '| **git** **host** | yes |  |  | all | pino in `host/log.ts` |',
    ])
  })

  test('show the floors of a folder, without what is not there', () => {
    const orders = { [`${SRC}app`]: [['*'], ['x', 'gone'], ['y.ts']], [`${SRC}host`]: [['gone'], ['c.ts']] }
    expect(orderTable(sources, orders, SRC).split('\n').slice(2)).toEqual(['| `app/` | its own files → `x` → `y.ts` |'])
  })
})

describe('a page', () => {
  const PAGE = '# House\n<!-- made: tree -->\nold\n<!-- /made -->\nwords\n'

  test('keeps its words, and gets its blocks as they are made now', () => {
    expect(renewed(PAGE, { tree: 'new' })).toBe(PAGE.replace('old', 'new'))
    expect(blocksIn(PAGE)).toEqual(['tree'])
  })

  test('with a block that nobody makes is told', () => {
    expect(() => renewed(PAGE, {})).toThrow('nobody makes the block "tree"')
  })

  test('must name each crash point in its row', () => {
    const points = [
      { name: 'post-after', row: 'POST sent' },
      { name: 'plan-before-commit', row: 'mid-run' },
    ]
    const page = (row: string) => `\n## Kills\n\n| Killed | |\n| mid-run | \`plan-before-commit\` |\n${row}\n\n## Rest\n`
    expect(pointViolations(page('| POST sent | `post-after` |'), 'Kills', points)).toEqual([])
    expect(pointViolations(page(''), 'Kills', points)).toEqual(['post-after: is not in the row "POST sent"'])
    expect(pointViolations(page('| mid-run | `post-after` |'), 'Kills', points)).toHaveLength(1)
    expect(pointViolations(page('| POST sent | `post-after` `post-never` |'), 'Kills', points)).toEqual([
      'post-never: is no crash point',
    ])
  })
})

describe('kinds of effects', () => {
  const kinds = (text: string, path = 'domain/conversation/run/effects.ts') =>
    declaredKinds(new Map([[SRC + path, text]]), 'Effect')

  test('are those of interfaces that extend it, also through others', () => {
    expect(
      kinds(`
        interface Own extends Effect { readonly owner: 'run' }
        export interface Prompt extends Own { readonly kind: 'prompt' }
        export interface Abort extends Effect { readonly kind: 'abort' }
        export interface Effect { readonly kind: string }
        export interface Rename extends Action { readonly kind: 'rename' }
      `),
    ).toEqual(['prompt', 'abort'])
  })

  test('are declared in the domain', () => {
    expect(kinds(`export interface Stray extends Effect { readonly kind: 'stray' }`, 'app/effects/stray.ts')).toEqual([])
  })
})

describe('declared effects', () => {
  const REGISTRY = `${SRC}app/effects/index.ts`
  const fine: readonly [DeclaredEffect, DeclaredEffect] = [
    { kind: 'prompt', afterCrash: { by: 'probe', why: 'the session is read first' }, proof: { points: ['prompt-after'] } },
    {
      kind: 'abort',
      afterCrash: { by: 'idempotent', why: 'aborting again is fine' },
      proof: { file: 'packages/kimaki/test/a.test.ts', test: 'aborting again is fine' },
    },
  ]
  const modules = [
    parse('packages/kimaki/test/a.test.ts', `test('aborting again is fine', () => undefined)`),
    ...inSource({
      'app/effects/index.ts': `import { prompt } from './prompt.ts'; export const EFFECTS = [prompt]`,
      'app/effects/definition.ts': `export function defineEffect() {}`,
      'app/effects/prompt.ts': `import { defineEffect } from './definition.ts'; export const prompt = defineEffect({ kind: 'prompt' })`,
    }),
  ]
  const told = (effects: readonly DeclaredEffect[], shown = { points: ['prompt-after'], modules }) =>
    effectViolations(effects, REGISTRY, shown)
  const [prompt, abort] = fine

  test('that say why and are shown are fine', () => {
    expect(told(fine)).toEqual([])
  })

  test.each([
    ['without a reason', { ...prompt, afterCrash: { by: 'probe' as const, why: ' ' } }, 'does not say why'],
    ['with no crash point', { ...prompt, proof: { points: [] } }, 'nothing shows'],
    ['with a crash point that is none', { ...prompt, proof: { points: ['never'] } }, 'there is no crash point "never"'],
    ['with a test that is none', { ...abort, proof: { file: 'packages/kimaki/test/a.test.ts', test: 'x' } }, 'has no test "x"'],
  ])('%s are told', (_name, effect, why) => {
    expect(told([effect])).toEqual([expect.stringContaining(why)])
  })

  test('of one kind twice, and in a file that the registry does not import, are told', () => {
    expect(told([prompt, prompt])).toEqual(['prompt: is declared twice'])
    const more = inSource({
      'app/effects/fork.ts': `import { defineEffect } from './definition.ts'; export const fork = defineEffect({})`,
    })
    expect(told(fine, { points: ['prompt-after'], modules: [...modules, ...more] })).toEqual([
      expect.stringContaining('app/effects/fork.ts: declares an effect that is not in'),
    ])
  })
})
