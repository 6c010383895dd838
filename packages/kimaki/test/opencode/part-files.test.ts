/** Which bytes stand behind the files of a part, and which files of this machine nobody gets. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { AgentRefused } from '../../src/base/errors.ts'
import { toolResultsFolder } from '../../src/opencode/session/files/local-file.ts'
import { partFiles } from '../../src/opencode/session/files/part-files.ts'
import type { CallError, Http } from '../../src/opencode/wire/http.ts'
import { partOf } from '../../src/opencode/wire/message.ts'
import { SessionEvents } from '../../src/opencode/wire/session-events.ts'
import { read } from '../../src/opencode/wire/read.ts'
import type { AgentEvent } from '../../src/domain/agent.ts'

const base = mkdtempSync(join(tmpdir(), 'kimaki-part-files-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
const project = join(base, 'my project')
const results = toolResultsFolder({ HOME: base })
mkdirSync(project)
mkdirSync(results, { recursive: true })
writeFileSync(join(project, 'a #1.png'), 'pixels')
writeFileSync(join(project, 'large.bin'), 'x'.repeat(101))
writeFileSync(join(project, 'empty.png'), '')
writeFileSync(join(results, 'out.txt'), 'words')
writeFileSync(join(results, '..', 'auth.json'), 'secret')
writeFileSync(join(base, 'my project secret'), 'secret')
symlinkSync(join(results, '..', 'auth.json'), join(project, 'link.png'))
execFileSync('mkfifo', [join(project, 'pipe')])

const url = (...path: readonly string[]): string => pathToFileURL(join(...path)).href

async function found(attachments: readonly object[], answer?: CallError) {
  const parts = [{ id: 'prt_1', type: 'tool', state: { status: 'completed', attachments } }]
  const call: Http['call'] = async () => answer ?? { json: { info: {}, parts }, next: undefined }
  const request = { directory: project, session: 'ses_1', messageId: 'msg_1', partId: 'prt_1', limitBytes: 100 }
  const files = await partFiles({ http: { call } as Http }, request, [project, results])
  if (files instanceof Error) throw files
  return files.map((file) => (file.kind === 'bytes' ? `${file.mime} ${Buffer.from(file.bytes).toString()}` : file))
}

describe('a file of a part', () => {
  test.each([
    ['in base64', 'data:image/png;base64,cGl4ZWxz', 'image/png pixels'],
    ['in percent signs', 'data:text/plain,a%20b', 'image/png a b'],
    ['of the project', url(project, 'a #1.png'), 'image/png pixels'],
    ["of OpenCode's results of tools", url(results, 'out.txt'), 'image/png words'],
  ])('%s comes with its bytes', async (_where, at, expected) => {
    expect(await found([{ mime: 'image/png', url: at }])).toEqual([expected])
  })

  test.each([
    ['beside the project, under a name that begins alike', url(base, 'my project secret'), 'outside the project'],
    ["of OpenCode's log-ins", url(results, '..', 'auth.json'), 'outside the project'],
    ['that a link of the project leads out to', url(project, 'link.png'), 'outside the project'],
    ['that is not there', url(project, 'none'), 'not there'],
    ['that is a pipe', url(project, 'pipe'), 'no regular file'],
    ['that is empty', url(project, 'empty.png'), 'empty'],
    ['without bytes', 'data:image/png;base64,', 'empty'],
    ['elsewhere on the net', 'https://example.com/a.png', 'elsewhere'],
    ['at no address', 'data:', 'cannot be read'],
    ['on another machine', 'file://server/share/a.png', 'cannot be read'],
  ])('%s is not read: it says why', async (_where, at, why) => {
    expect(await found([{ mime: 'image/png', url: at }])).toMatchObject([
      { kind: 'missing', reason: expect.stringContaining(why) },
    ])
  })

  test('that is larger than what Discord takes stays where it is', async () => {
    expect(await found([{ mime: 'image/png', url: url(project, 'large.bin') }])).toEqual([
      { kind: 'large', path: join(project, 'large.bin'), size: 101 },
    ])
  })

  test('of a message that is gone is gone', async () => {
    expect(await found([], new AgentRefused({ status: 404, reason: 'gone' }))).toEqual([])
  })
})

test.each<[string, object, string, object]>([
  ['draw', { filename: 'a.png', mime: 'image/png' }, '', { name: 'a.png' }],
  ['draw', { filename: '', mime: 'image/svg+xml' }, '', { name: 'draw.svg', isUnnamed: true }],
  ['draw', { mime: 'nonsense' }, '/p/b.png', { name: 'draw.bin', isUnnamed: true }],
  ['read', { mime: 'image/png' }, '/p/b.png', { name: 'b.png' }],
])(
  'a file of %s, %j, read from "%s", is called %j, and nothing of its bytes stays in the replica',
  (tool, file, filePath, named) => {
    const attachments = [{ ...file, url: 'data:image/png;base64,cGl4ZWxz' }]
    const part = partOf(
      read({ id: 'prt_1', type: 'tool', tool, state: { status: 'completed', input: { filePath }, attachments } }),
    )
    expect(part).toMatchObject({ files: [named] })
    expect(JSON.stringify(part)).not.toContain('cGl4ZWxz')
  },
)

test('a file of the model itself keeps its name, or has none', () => {
  const of = (file: object) => partOf(read({ id: 'prt_1', type: 'file', mime: 'image/png', ...file }))
  expect(of({ filename: 'a.png' })).toEqual({ kind: 'file', id: 'prt_1', name: 'a.png' })
  expect(of({})).toEqual({ kind: 'file', id: 'prt_1', name: 'file.png', isUnnamed: true })
})

test('a file of a message of the agent is told as it comes; of any other message it is a person who sent it', () => {
  const told: AgentEvent[] = []
  const events = new SessionEvents({
    onEvent: (event) => void told.push(event),
    lookUp: async () => undefined,
    onMissed: () => undefined,
  })
  events.learn(read({ id: 'ses_1', directory: '/p' }))
  const receive = (type: string, properties: object): void =>
    events.receive({ payload: { type, properties: { sessionID: 'ses_1', ...properties } } })
  const file = (messageID: string) => ({
    part: { id: `prt_${messageID}`, type: 'file', messageID, sessionID: 'ses_1', filename: 'a.png' },
  })
  receive('message.updated', { info: { id: 'msg_a', role: 'assistant', sessionID: 'ses_1', time: { created: 1 } } })
  receive('message.part.updated', file('msg_a'))
  receive('message.part.updated', file('msg_b'))
  expect(told.filter(({ kind }) => kind === 'part')).toEqual([expect.objectContaining({ messageId: 'msg_a' })])
})
