/** What people at a terminal see of the command line: tables in its width, colours, and progress. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { paperOf } from '../../src/cli/terminal/paper.ts'
import { withProgress } from '../../src/cli/terminal/progress.ts'
import { tableLines, type Column } from '../../src/cli/terminal/table.ts'

const COLUMNS: readonly Column[] = [{ title: 'session' }, { title: 'title', mayBeCut: true }, { title: 'state' }]
const ROWS = [
  ['ses_1', 'Grüße an alle im Garten', 'idle'],
  ['ses_22', '庭の木を数える', 'working'],
]
const lines = (width: number | undefined, rows = ROWS, isColoured = false): readonly string[] =>
  tableLines(COLUMNS, rows, { width, isColoured })

describe('a table', () => {
  test('for a program: columns of one width, without heads', () => {
    expect(lines(undefined)).toEqual(['ses_1   Grüße an alle im Garten  idle', 'ses_22  庭の木を数える           working'])
  })

  test('for a person: with heads, and what may be cut is cut to the width of the terminal', () => {
    expect(lines(80)[0]).toBe('session  title                    state')
    expect(lines(32)).toEqual([
      'session  title           state',
      'ses_1    Grüße an alle…  idle',
      'ses_22   庭の木を数える  working',
    ])
    expect(lines(30)[2]).toBe('ses_22   庭の木を数…   working')
  })

  test('where a terminal is too narrow even for that, a record for each row, whose values are whole', () => {
    expect(lines(25)).toEqual([
      'session  ses_1',
      'title    Grüße an alle im Garten',
      'state    idle',
      '',
      'session  ses_22',
      'title    庭の木を数える',
      'state    working',
    ])
  })

  test('its heads are bold where there are colours; a cell of somebody else colours nothing', () => {
    expect(lines(80, [['ses_1', '\u001B[31mred\nline', 'idle']], true)).toEqual([
      '\u001B[1msession  title     state\u001B[22m',
      'ses_1    red line  idle',
    ])
  })
})

test.each([
  ['a pipe', {}, {}, { width: undefined, isColoured: false }],
  ['a terminal', { isTTY: true, columns: 40 }, {}, { width: 40, isColoured: true }],
  ['a terminal with NO_COLOR', { isTTY: true, columns: 40 }, { NO_COLOR: '1' }, { width: 40, isColoured: false }],
  ['a terminal that does not tell its width', { isTTY: true }, { TERM: 'dumb' }, { width: 80, isColoured: false }],
])('the paper of %s', (_what, stdout, environment, paper) => {
  expect(paperOf(stdout, environment)).toEqual(paper)
})

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const shownAfter = async (ms: number, isTTY: boolean): Promise<readonly string[]> => {
    const written: string[] = []
    const stderr = { isTTY, write: (text: string) => written.push(text) > 0 }
    const work = Promise.withResolvers<string>()
    const all = withProgress('counting', work.promise, stderr as never)
    await vi.advanceTimersByTimeAsync(ms)
    work.resolve('done')
    expect(await all).toBe('done')
    return written
  }

  test('stands there from the first second on, and goes when the work is done', async () => {
    expect(await shownAfter(1100, true)).toEqual(['counting…', '\r\u001B[2K'])
  })

  test('is not shown for what is quick, and never to a program', async () => {
    expect([await shownAfter(900, true), await shownAfter(1100, false)]).toEqual([[], []])
  })
})
