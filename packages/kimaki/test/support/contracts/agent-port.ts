/**
 * The contract of `AgentPort`, as one function that every implementation must pass: the adapter around the real OpenCode, and the fake that
 * the tests of the app use. It knows the port and nothing behind it; a fixture scripts what the model answers.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AgentRefused, DirectoryGone, SessionGone, isAbortError } from '../../../src/base/errors.ts'
import { deriveId } from '../../../src/base/ids.ts'
import type { AgentEvent, AgentMessage, Snapshot } from '../../../src/domain/agent.ts'
import type { AgentPort, PromptRequest } from '../../../src/ports/agent.ts'
import { until } from '../until.ts'

export interface AgentUnderTest {
  readonly port: AgentPort
  /** An existing folder: a project with a working configuration. */
  readonly directory: string
  /** The model answers a prompt that contains `match` with this text, at once. */
  answers(match: string, text: string): void
  /** The run of a prompt that contains `match` goes on until it is aborted. */
  hangs(match: string): void
  /** Ends everything, also after the port was stopped. */
  end(): Promise<void>
}

export function agentPortContract(makeAgent: () => Promise<AgentUnderTest>): void {
  let agent: AgentUnderTest
  let port: AgentPort
  let directory: string
  const events: AgentEvent[] = []

  beforeAll(async () => {
    agent = await makeAgent()
    port = agent.port
    directory = agent.directory
    port.onEvent((event) => events.push(event))
  })
  afterAll(() => agent.end())

  const open = async (mark: string): Promise<string> => valueOf(await port.openSession(directory, mark, false)).session
  const snapshotOf = async (session: string): Promise<Snapshot> => valueOf(await port.snapshot(directory, session))
  const submit = async (session: string, text: string, more: Partial<PromptRequest> = {}) => {
    const request = requestFor(directory, session, text, more)
    return { id: request.messageId, ...valueOf(await port.prompt(request)) }
  }
  const snapshotWhen = async (session: string, isReached: (snapshot: Snapshot) => boolean): Promise<Snapshot> => {
    await until(`the awaited state of ${session}`, async () => isReached(await snapshotOf(session)))
    return snapshotOf(session)
  }
  /** Idle, with a complete answer as its newest message. */
  const answered = (session: string): Promise<Snapshot> =>
    snapshotWhen(session, ({ status, messages }) => status.kind === 'idle' && isComplete(messages.at(-1)))
  const running = (session: string): Promise<Snapshot> => snapshotWhen(session, ({ status }) => status.kind === 'busy')

  test('a retry finds the session that carries the mark, and only this one', async () => {
    const session = await open('marked')
    expect(valueOf(await port.openSession(directory, 'marked', true))).toEqual({ session })
    expect(valueOf(await port.openSession(directory, 'another', true)).session).not.toBe(session)
  })

  test('a new session is idle and empty', async () => {
    const { status, messages } = await snapshotOf(await open('empty'))
    expect([status, messages]).toEqual([{ kind: 'idle' }, []])
  })

  test('a prompt that was submitted stands in the session, under the caller’s id', async () => {
    agent.answers('stand there', 'It does.')
    const session = await open('stands')
    const { id, created } = await submit(session, 'stand there')
    const { messages } = await answered(session)
    expect(messages[0]).toMatchObject({ kind: 'user', id, created })
  })

  test('its answer comes as events under its session, and the snapshot has the whole of it', async () => {
    agent.answers('tell me', 'Told in full.')
    const session = await open('events')
    const { id } = await submit(session, 'tell me')
    const { messages } = await answered(session)
    expect(textOf(messages.at(-1))).toContain('Told in full.')
    expect(messages.at(-1)).toMatchObject({ kind: 'assistant', parent: id, finish: 'stop', failure: undefined })

    const isOurs = (event: AgentEvent): boolean => event.session === session
    const isIdle = (event: AgentEvent): boolean => event.kind === 'status' && event.status.kind === 'idle'
    await until('the end of the run', () => events.some((event) => isOurs(event) && isIdle(event)))
    const ours = events.filter(isOurs)
    const answers = ours.flatMap((event) =>
      event.kind === 'message' && event.message.kind === 'assistant' ? [event.message] : [],
    )
    expect(answers.at(-1)).toMatchObject({ id: messages.at(-1)?.id, parent: id })
    const closed = ours.flatMap((event) =>
      event.kind === 'part' && event.part.kind === 'text' && event.part.closed ? [event.part] : [],
    )
    expect(closed.at(-1)?.text).toContain('Told in full.')
    expect(ours.findIndex(isIdle)).toBeGreaterThan(ours.findLastIndex(({ kind }) => kind === 'part'))
  })

  test('a retry of a prompt that is there submits nothing: the same message, one answer', async () => {
    agent.answers('only once', 'Once.')
    const session = await open('once')
    const first = await submit(session, 'only once')
    await answered(session)
    expect(await submit(session, 'only once', { isRetry: true })).toEqual(first)
    expect((await snapshotOf(session)).messages).toHaveLength(2)
  })

  test('a retry of a prompt that is not there submits it', async () => {
    agent.answers('first time', 'Here.')
    const session = await open('absent')
    const { id } = await submit(session, 'first time', { isRetry: true })
    expect((await answered(session)).messages.map((message) => message.id)).toContain(id)
  })

  test('a resend runs a prompt that is there but was not answered; the message stays one', async () => {
    agent.hangs('be patient')
    const session = await open('resent')
    const first = await submit(session, 'be patient')
    await running(session)
    valueOf(await port.abort(directory, session))
    const again = await submit(session, 'be patient', { resend: true })
    expect(again.created).toBeGreaterThanOrEqual(first.created)
    const { messages } = await running(session)
    expect(messages.filter(({ kind }) => kind === 'user').map(({ id }) => id)).toEqual([first.id])
    valueOf(await port.abort(directory, session))
  })

  test('a resend puts its message behind those that were posted after it', async () => {
    agent.hangs('come last')
    const session = await open('order')
    const first = await submit(session, 'come last')
    await running(session)
    valueOf(await port.abort(directory, session))
    const second = await submit(session, 'stay where you are', { noReply: true })
    await submit(session, 'come last', { resend: true })
    const { messages } = await running(session)
    expect(messages.filter(({ kind }) => kind === 'user').map(({ id }) => id)).toEqual([second.id, first.id])
    valueOf(await port.abort(directory, session))
  })

  test('a resend is answered behind a summary that was asked for meanwhile', async () => {
    agent.answers('to be summed up', 'Said.')
    agent.answers('nobody has read me', 'Read.')
    const session = await open('summed up')
    await submit(session, 'to be summed up')
    const { messages } = await answered(session)
    const { id } = await submit(session, 'nobody has read me', { noReply: true })
    const last = messages.at(-1)
    if (last?.kind !== 'assistant') throw new Error('no answer')
    expect(await port.sessions.summarize(directory, session, last.model)).toBeUndefined()
    await submit(session, 'nobody has read me', { resend: true })
    const whole = await snapshotWhen(session, ({ messages: known }) => textOf(known.at(-1)).includes('Read.'))
    expect(whole.messages.at(-1)).toMatchObject({ parent: id })
  })

  test('without a reply of its own a prompt waits for the next one', async () => {
    agent.answers('now reply', 'To both.')
    const session = await open('no reply')
    const first = await submit(session, 'do not reply yet', { noReply: true })
    expect(await snapshotOf(session)).toMatchObject({ status: { kind: 'idle' }, messages: [{ kind: 'user', id: first.id }] })
    const second = await submit(session, 'now reply', { after: [first.id] })
    expect((await answered(session)).messages.map((message) => message.id).slice(0, 2)).toEqual([first.id, second.id])
  })

  test('an abort resolves when the run is over; another one, or one of a session that does not exist, is fine', async () => {
    agent.hangs('go on')
    const session = await open('aborted')
    await submit(session, 'go on')
    await running(session)
    expect(await port.abort(directory, session)).toBeUndefined()
    expect((await snapshotOf(session)).status).toEqual({ kind: 'idle' })
    expect(await port.abort(directory, session)).toBeUndefined()
    expect(await port.abort(directory, 'ses_none')).toBeUndefined()
  })

  test('a message behind a running step is emptied or reworded where it stands; again is fine', async () => {
    agent.hangs('for ever and recalled')
    const session = await open('recalled')
    const first = await submit(session, 'for ever and recalled')
    await running(session)
    const second = await submit(session, 'take me back')
    const third = await submit(session, 'I am wrong')
    const part = requestFor(directory, session, 'I am wrong').parts[0]
    if (part?.type !== 'text') throw new Error('no words')
    const reword = { directory, session, messageId: third.id, parts: [{ ...part, text: 'I am right' }] }
    const empty = { directory, session, messageId: second.id }
    const outcomes = await Promise.all([empty, reword].map(async (request) => valueOf(await port.recall(request))))
    expect(outcomes).toEqual(['emptied', 'reworded'])
    expect(valueOf(await port.recall(empty))).toBe('emptied')
    const { messages } = await snapshotOf(session)
    expect(messages.filter(({ kind }) => kind === 'user').map(({ id }) => id)).toEqual([first.id, second.id, third.id])
    valueOf(await port.abort(directory, session))
  })

  test('messages that an abort drops leave the session', async () => {
    agent.hangs('work')
    const session = await open('dropped')
    const first = await submit(session, 'work')
    await running(session)
    const second = await submit(session, 'never mind')
    expect(await port.abort(directory, session, [second.id])).toBeUndefined()
    const { messages } = await snapshotOf(session)
    expect(messages.filter(({ kind }) => kind === 'user').map(({ id }) => id)).toEqual([first.id])
  })

  test('a copy has all that was said, does not run, and is found again by its mark', async () => {
    agent.answers('remember this', 'Remembered.')
    const session = await open('source')
    await submit(session, 'remember this')
    const source = await answered(session)
    const request = { directory, session, mark: 'copy', title: 'btw: a copy' }
    const fork = valueOf(await port.fork({ ...request, isRetry: false }))
    expect(fork.session).not.toBe(session)
    const copy = await snapshotOf(fork.session)
    expect(copy).toMatchObject({ status: { kind: 'idle' }, title: 'btw: a copy' })
    expect(copy.messages.map(({ kind }) => kind)).toEqual(source.messages.map(({ kind }) => kind))
    expect(copy.messages.every(({ created }) => created <= fork.upTo)).toBe(true)
    expect(valueOf(await port.fork({ ...request, isRetry: true })).session).toBe(fork.session)
    expect(valueOf(await port.fork({ ...request, mark: 'other copy', isRetry: true })).session).not.toBe(fork.session)
    expect(valueOf(await port.openSession(directory, 'source', true)).session).toBe(session)
  })

  test('the commands of a project are names', async () => {
    for (const name of valueOf(await port.commands(directory))) expect(name).toEqual(expect.any(String))
  })

  test('what a project offers, its MCP servers among it, can be read', async () => {
    const offered = valueOf(await port.offered(directory, true))
    const commands = valueOf(await port.commands(directory))
    expect(offered?.commands.map(({ name }) => name).toSorted()).toEqual([...commands].toSorted())
    expect(valueOf(await port.mcp.servers(directory))).toEqual([])
  })

  test('the folders OpenCode has worked in are absolute paths, with when; what is no repository is none of them', async () => {
    const known = valueOf(await port.projects(directory))
    for (const { directory: folder, usedAt } of known) {
      expect(folder).toMatch(/^\/./)
      expect(usedAt).toBeGreaterThan(0)
    }
  })

  test('an ask that nobody asked counts as over', async () => {
    const session = await open('asks')
    for (const kind of ['permission', 'question'] as const) {
      const ask = { kind, id: kind === 'permission' ? 'per_none' : 'que_none', session, title: 'x' }
      expect(['answered', 'expired']).toContain(await port.reject(directory, ask))
    }
  })

  test('the context limit of a model that nobody knows is unknown', async () => {
    expect(await port.contextLimit(directory, { provider: 'nobody', model: 'nothing' })).toBeUndefined()
  })

  test('trouble is a value: a folder that is gone', async () => {
    const missing = join(directory, 'missing')
    const gone = new DirectoryGone({ directory: missing })
    expect(await port.openSession(missing, 'x', false)).toEqual(gone)
    expect(await port.commands(missing)).toEqual(gone)
    expect(await port.prompt(requestFor(missing, 'ses_none', 'x'))).toEqual(gone)
  })

  test('trouble is a value: a session that does not exist', async () => {
    const gone = new SessionGone({ session: 'ses_none' })
    expect(await port.snapshot(directory, 'ses_none')).toEqual(gone)
    expect(await port.sessions.find(directory, 'ses_none')).toEqual(gone)
    expect(await port.prompt(requestFor(directory, 'ses_none', 'x'))).toEqual(gone)
    expect(await port.prompt(requestFor(directory, 'ses_none', 'x', { isRetry: true }))).toEqual(gone)
    const request = { directory, session: 'ses_none', mark: 'x', title: 'x', isRetry: false }
    expect(await port.fork(request)).toEqual(gone)
  })

  test('trouble is a value: a command that does not exist', async () => {
    const session = await open('command')
    const request = requestFor(directory, session, 'x', { command: { name: 'no-such-command', args: '' } })
    expect(await port.prompt(request)).toBeInstanceOf(AgentRefused)
    expect((await snapshotOf(session)).messages).toEqual([])
  })

  test('a session goes back to before a message and forward again; the next prompt deletes what is undone', async () => {
    agent.answers('plan it', 'Planned.')
    agent.answers('build it', 'Built.')
    agent.answers('paint it', 'Painted.')
    const session = await open('undone')
    const first = await submit(session, 'plan it')
    await answered(session)
    const second = await submit(session, 'build it', { after: [first.id] })
    await answered(session)
    valueOf(await port.sessions.revert(directory, session, second.id))
    valueOf(await port.sessions.revert(directory, session, second.id))
    const undone = valueOf(await port.sessions.history(directory, session))
    const asked = undone.messages.filter(({ kind }) => kind === 'user')
    expect([undone.undoneFrom, asked.map(({ words }) => words)]).toEqual([second.id, ['plan it', 'build it']])
    valueOf(await port.sessions.revert(directory, session, undefined))
    expect(valueOf(await port.sessions.history(directory, session)).undoneFrom).toBeUndefined()
    valueOf(await port.sessions.revert(directory, session, second.id))
    const third = await submit(session, 'paint it')
    const { messages } = await answered(session)
    expect(messages.filter(({ kind }) => kind === 'user').map(({ id }) => id)).toEqual([first.id, third.id])
  })

  test('a session that runs cannot be undone', async () => {
    agent.hangs('never end')
    const session = await open('busy and undone')
    const { id } = await submit(session, 'never end')
    await running(session)
    expect(await port.sessions.revert(directory, session, id)).toMatchObject({ status: 409 })
    valueOf(await port.abort(directory, session))
  })

  test('to warm folders is safe, also twice, and for one that is gone', async () => {
    port.warm([directory, join(directory, 'missing')])
    port.warm([directory])
    expect(await port.snapshot(directory, await open('warm'))).toMatchObject({ status: { kind: 'idle' } })
  })

  test('after a stop every call rejects with an AbortError; to stop twice is fine', async () => {
    const waiting = Promise.allSettled([port.openSession(directory, 'late', false), port.snapshot(directory, 'ses_none')])
    await Promise.all([port.stop('end'), port.stop('end')])
    for (const call of await waiting) if (call.status === 'rejected') expect(isAbortError(call.reason)).toBe(true)
    const calls = [
      () => port.openSession(directory, 'late', false),
      () => port.snapshot(directory, 'ses_none'),
      () => port.prompt(requestFor(directory, 'ses_none', 'x')),
      () => port.abort(directory, 'ses_none'),
      () => port.commands(directory),
      () => port.offered(directory, true),
      () => port.mcp.servers(directory),
      () => port.restart(directory),
    ]
    for (const call of calls) await expect(call()).rejects.toSatisfy(isAbortError)
  })
}

function requestFor(directory: string, session: string, text: string, more: Partial<PromptRequest> = {}): PromptRequest {
  const parts = [{ type: 'text', id: deriveId('prt_', session, text), text }] as const
  const messageId = deriveId('msg_', session, text)
  return { directory, session, messageId, parts, isRetry: false, resend: false, ...more }
}

function valueOf<T>(result: T): Exclude<T, Error> {
  if (result instanceof Error) throw result
  return result as Exclude<T, Error>
}

const isComplete = (message: AgentMessage | undefined): boolean =>
  message?.kind === 'assistant' && message.completed !== undefined

const textOf = (message: AgentMessage | undefined): string =>
  message?.kind === 'assistant' ? message.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('') : ''
