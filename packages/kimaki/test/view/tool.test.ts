import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toolText, type ToolPart } from '../../src/view/text/tool.ts'
import { runs } from '../support/runs.ts'

type Input = Readonly<Record<string, unknown>>
const tool = (name: string, input: Input, more: Partial<ToolPart> = {}): ToolPart => ({
  kind: 'tool',
  id: 'prt_1',
  callId: 'call_1',
  tool: name,
  state: 'running',
  input,
  title: undefined,
  error: undefined,
  ...more,
})
const PATCH = [
  '*** Begin Patch',
  '*** Update File: src/one_file.ts',
  '@@ function a',
  ' same',
  '-old',
  '+new',
  '+more',
  '*** Add File: b.md',
  '+hello',
  '*** Delete File: c/d.txt',
  '*** End Patch',
].join('\n')

describe('a line for each tool', () => {
  test.each([
    ['bash', { command: 'npm test' }, '┣ bash _npm test_'],
    ['bash', { command: 'echo *a_b* | cat' }, '┣ bash _echo \\*a\\_b\\* \\| cat_'],
    ['bash', { command: ' ls\n' }, '┣ bash _ls_'],
    ['bash', { command: 'x'.repeat(100), description: 'much' }, `┣ bash _${'x'.repeat(100)}_`],
    ['bash', { command: 'x'.repeat(101), description: 'Runs much' }, '┣ bash _Runs much_'],
    ['bash', { command: 'x'.repeat(101) }, `┣ bash _${'x'.repeat(100)}…_`],
    ['bash', { command: '\n\n  cd a\nls', description: ' ' }, '┣ bash _cd a…_'],
    ['bash', {}, '┣ bash'],
    ['edit', { filePath: '/src/a_b.ts', oldString: 'a', newString: 'a\nb' }, '◼︎ edit *a\\_b.ts* (+2-1)'],
    ['edit', { filePath: '/src/a.ts', oldString: 'a\nb\n', newString: '' }, '◼︎ edit *a.ts* (+0-2)'],
    ['edit', {}, '◼︎ edit (+0-0)'],
    ['write', { filePath: 'C:\\src\\a.ts', content: 'a\nb' }, '◼︎ write *a.ts* (2 lines)'],
    ['write', { filePath: 'a.ts', content: 'a\n' }, '◼︎ write *a.ts* (1 line)'],
    ['write', { filePath: 'a.ts', content: '' }, '◼︎ write *a.ts* (0 lines)'],
    ['apply_patch', { patchText: PATCH }, '◼︎ apply_patch *one\\_file.ts* (+2-1), *b.md* (+1-0), *d.txt* (+0-0)'],
    ['apply_patch', { patchText: 'nonsense' }, '◼︎ apply_patch'],
    ['read', { filePath: '/src/a.ts', offset: 3 }, '┣ read *a.ts*'],
    ['list', { path: '/src/view/' }, '┣ list *view*'],
    ['glob', { pattern: '**/*.ts' }, '┣ glob *\\*\\*/\\*.ts*'],
    ['grep', { pattern: 'a|b' }, '┣ grep *a\\|b*'],
    ['webfetch', { url: 'https://example.com/a?b=c' }, '┣ webfetch *example.com/a?b=c*'],
    ['skill', { name: 'deploy' }, '┣ skill _deploy_'],
    [
      'todowrite',
      {
        todos: [
          { content: 'One', status: 'completed' },
          { content: 'Two it', status: 'in_progress' },
        ],
      },
      '⒉ **two it**',
    ],
    ['todowrite', { todos: [{ content: 'One', status: 'pending' }] }, undefined],
    ['todowrite', { todos: 'nonsense' }, undefined],
    ['todowrite', { todos: 7 }, undefined],
    ['todowrite', { todos: null }, undefined],
    ['todowrite', { todos: '"a text"' }, undefined],
    ['todowrite', { todos: { content: 'Alone', status: 'in_progress' } }, '⒈ **alone**'],
    ['todowrite', { todos: { a: { content: 'A', status: 'completed' }, b: { content: 'B', status: 'in_progress' } } }, '⒉ **b**'],
    ['todowrite', { todos: '[{"content":"As JSON","status":"in_progress"}]' }, '⒈ **as JSON**'],
    ['todoread', {}, undefined],
    ['task', { description: 'Look_around', subagent_type: 'explore' }, '┣ explore **Look\\_around**'],
    ['task', { description: 'Look around' }, '┣ task **Look around**'],
    ['task', {}, undefined],
    ['kimaki_sleep', { duration: '2h', reason: 'CI' }, '┣ kimaki_sleep for 2h _CI_'],
    ['kimaki_sleep', { until: '2026-01-01T00:00:00Z', duration: '2h' }, '┣ kimaki_sleep until 2026-01-01T00:00:00Z'],
    ['question', { questions: [] }, undefined],
    ['kimaki_file_upload', { prompt: 'x' }, undefined],
    ['kimaki_question', { questions: [] }, undefined],
    ['kimaki_kimaki_action_buttons', {}, undefined],
    ['github_search', {}, '┣ github_search'],
    [
      'github_search',
      { query: 'a  b\nc', page: 2, all: null, sort: ['x'] },
      '┣ github_search (query: a b c, page: 2, sort: \\["x"\\])',
    ],
    ['x', { long: 'y'.repeat(51) }, `┣ x (long: ${'y'.repeat(50)}…)`],
    ['constructor', { a: 1 }, '┣ constructor (a: 1)'],
    ['od`d', {}, '┣ od\\`d'],
  ] as const)('%s %j', (name, input, expected) => {
    expect(toolText(tool(name, input))).toBe(expected)
  })

  test('the twentieth todo still has a glyph, the next one its number', () => {
    const todos = (at: number): Input => ({
      todos: Array.from({ length: 30 }, (_, index) => ({ content: 'X', status: index === at ? 'in_progress' : 'pending' })),
    })
    expect(toolText(tool('todowrite', todos(0)))).toBe('⒈ **x**')
    expect(toolText(tool('todowrite', todos(19)))).toBe('⒛ **x**')
    expect(toolText(tool('todowrite', todos(20)))).toBe('21. **x**')
  })

  test('a patch of many files names ten', () => {
    const patchText = Array.from({ length: 12 }, (_, index) => `*** Add File: f${index}\n+a`).join('\n')
    expect(toolText(tool('apply_patch', { patchText }))).toMatch(/\*f9\* \(\+1-0\), … 2 more$/)
  })

  test('many fields are cut to twelve', () => {
    const input = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`k${index}`, index]))
    expect(toolText(tool('x', input))).toMatch(/k11: 11, …\)$/)
  })

  test('a title helps where the input says nothing', () => {
    expect(toolText(tool('other', { a: 1 }, { title: 'Doing_it' }))).toBe('┣ other _Doing\\_it_ (a: 1)')
    expect(toolText(tool('bash', {}, { title: 'Runs' }))).toBe('┣ bash _Runs_')
    expect(toolText(tool('todoread', {}, { title: '3 todos' }))).toBe('┣ todoread _3 todos_')
    expect(toolText(tool('task', {}, { title: 'Look' }))).toBe('┣ task **Look**')
    expect(toolText(tool('task', {}, { title: 'Look', state: 'completed' }))).toBeUndefined()
  })
})

describe('states', () => {
  test('a pending tool is hidden, a finished one reads as it did when it started (P-021)', () => {
    const input = { filePath: '/a/b.ts', content: 'x' }
    expect(toolText(tool('write', input, { state: 'pending' }))).toBeUndefined()
    expect(toolText(tool('write', input, { state: 'completed', title: 'a/b.ts' }))).toBe(toolText(tool('write', input)))
  })

  test.each([
    ['bash', { command: 'ls' }, 'it *broke*\nbadly', '⨯ bash it \\*broke\\* badly'],
    ['edit', { filePath: 'a.ts', oldString: 'a', newString: 'b' }, 'not found', '⨯ edit not found *a.ts* (+1-1)'],
    ['other', { a: 1 }, undefined, '⨯ other error (a: 1)'],
    ['task', { description: 'x' }, 'aborted', '⨯ task aborted'],
    ['question', {}, 'dismissed', undefined],
  ] as const)('a failed %s says so', (name, input, error, expected) => {
    expect(toolText(tool(name, input, { state: 'error', error }))).toBe(expected)
  })
})

test('whatever a model puts into a call, the line is one line that fits a message', () => {
  const names = [
    'bash',
    'edit',
    'write',
    'apply_patch',
    'read',
    'webfetch',
    'skill',
    'task',
    'todowrite',
    'kimaki_sleep',
    'other',
  ]
  const keys = [
    'command',
    'description',
    'filePath',
    'content',
    'patchText',
    'url',
    'name',
    'todos',
    'reason',
    'until',
    '__proto__',
  ]
  const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.constant('*** Add File: *\n+'), fc.jsonValue())
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.dictionary(fc.constantFrom(...keys), value),
      fc.boolean(),
      (name, input, failed) => {
        const line = toolText(tool(name, input, failed ? { state: 'error', error: 'x'.repeat(5000) } : {}))
        expect(line ?? '').not.toMatch(/[\r\n]/)
        expect(line?.length ?? 1).toBeGreaterThan(0)
        expect(line?.length ?? 1).toBeLessThanOrEqual(2000)
      },
    ),
    { numRuns: runs(2000) },
  )
})
