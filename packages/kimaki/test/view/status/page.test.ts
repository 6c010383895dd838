/** The status page: what a report looks like. */
import { expect, test } from 'vitest'
import type { StatusReport, StatusThread } from '../../../src/domain/conversation/inquiry/status-report.ts'
import { ageText, statusPage } from '../../../src/view/status/page.ts'

const NOW = 1_800_000_000_000
const EMPTY: StatusReport = {
  version: '0.1.0',
  pid: 4711,
  dataDir: '/home/ann/.kimaki',
  now: NOW,
  startedAt: NOW - 7_500_000,
  memory: 90 * 2 ** 20,
  connected: true,
  reason: null,
  projects: 1,
  sessions: { working: 0, asking: 0, known: 0 },
  threads: [],
  opencode: [],
  budgets: { requests: { left: 50, most: 50 }, refusals: { left: 9998, most: 10_000 }, identifies: { left: 12, most: 199 } },
  errors: [],
}
const thread = (facts: Partial<StatusThread>): StatusThread => ({
  threadId: '3',
  guildId: '1',
  directory: '/src/garden',
  title: 'Plant a tree',
  asker: 'Ann',
  askedAt: NOW - 130_000,
  state: 'working',
  queued: 0,
  why: null,
  link: null,
  ...facts,
})

/** Its words, a line each. */
const words = (facts: Partial<StatusReport>): string =>
  statusPage({ ...EMPTY, ...facts })
    .html.replaceAll(/[ \n]+/g, ' ')
    .replaceAll(/ ?<\/?(?:li|p|h1|h2|dt|dd|div|section|dl|ul|header|meter)\b[^>]*> ?/g, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s*\n\s*/g, '\n')

test('where nothing goes on it says so, and what to do', () => {
  const page = words({})
  for (const line of [
    '● connected to Discord',
    'version 0.1.0 · process 4711 · 90 MB · runs for 2 h · /home/ann/.kimaki',
    'Nobody is asked anything.',
    'No agent works. Write in the channel of a project to begin.',
    'Nothing has ended today.',
    'None runs. The next message to an agent starts one.',
    'The log holds no error.',
    'Refused requests 9\u202f998 of 10\u202f000',
  ])
    expect(page.split('\n')).toContain(line)
  expect(words({ projects: 0 })).toContain('Run kimaki project add in a folder to make one.')
})

test('without a line to Discord it says why', () => {
  expect(words({ connected: false, reason: 'no answer' })).toContain('\n▲ not connected: no answer\n')
})

test.each([
  [{}, '● works'],
  [{ link: 'agent', why: 'held up at agent: it is silent' }, '▲ held up\n'],
  [{ state: 'asks' }, '? the agent asks'],
  [{ state: 'failed' }, '✗ ended with an error'],
  [{ state: 'answered' }, '✓ answered'],
] as const)('a thread says how it stands in a word: %j', (facts, word) => {
  const page = words({ threads: [thread(facts)] })
  expect(page).toContain(`Plant a tree ${word}`)
  expect(page).toContain('garden · Ann wrote 2 min ago')
  if ('why' in facts) expect(page).toContain(facts.why)
})

test('a thread links to Discord; who asked, the queue, and a name that nobody gave have words', () => {
  const threads = [thread({ asker: null, title: '', queued: 3, askedAt: NOW - 1000 })]
  expect(statusPage({ ...EMPTY, threads }).html).toContain('href="https://discord.com/channels/1/3"')
  const page = words({ threads })
  expect(page).toContain('a thread without a name of ours')
  expect(page).toContain('a program wrote just now · 3 queued')
})

test('servers and errors', () => {
  const server = { pid: 5, port: 6, busy: 2, directories: ['/a/garden', '/b/'], memory: 412 * 2 ** 20 }
  const page = words({
    opencode: [server, { ...server, busy: 0, directories: [], memory: null }],
    errors: [{ at: NOW - 3_600_000, message: 'it broke', details: 'code=5' }],
  })
  expect(page).toContain('garden, b 412 MB\nbusy with 2 · process 5 · port 6')
  expect(page).toContain('no project memory not known\nidle · process 5 · port 6')
  expect(page).toContain('it broke 1 h ago\ncode=5')
})

test('what people and programs have written is text, wherever it stands', () => {
  const evil = `<img src=x onerror=alert(1)>"'&`
  const { html } = statusPage({
    ...EMPTY,
    version: evil,
    dataDir: evil,
    connected: false,
    reason: evil,
    threads: [thread({ title: evil, asker: evil, directory: evil, why: evil, threadId: evil, guildId: evil })],
    opencode: [{ pid: 1, port: 1, busy: 0, directories: [evil], memory: 1 }],
    errors: [{ at: null, message: evil, details: evil }],
  })
  expect(html).not.toContain('<img')
  expect(html.split('&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;').length - 1).toBe(12)
})

test.each([
  [59_000, 'less than a minute'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [47 * 3_600_000, '47 h'],
  [48 * 3_600_000, '2 days'],
])('%i ms is %s', (ms, age) => {
  expect(ageText(ms)).toBe(age)
})
