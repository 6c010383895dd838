/** The plugin, on a folder of links and a bot of the test's own. */
import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { botOf } from '../src/bot.ts'
import { callTool } from '../src/call-tool.ts'
import * as exported from '../src/main.ts'
import type { Hooks, PluginInput, TextPart, UserMessage } from '../src/opencode.ts'

let dir = ''
let server: Server | undefined
beforeEach(() => void (dir = realpathSync(mkdtempSync(join(tmpdir(), 'plugin-')))))
afterEach(async () => {
  delete process.env['KIMAKI_AGENT_LINKS']
  await stopBot()
  rmSync(dir, { recursive: true })
})

async function stopBot(): Promise<void> {
  const ending = server
  server = undefined
  ending?.closeAllConnections()
  if (ending) await new Promise((resolve) => ending.close(resolve))
}

type Handle = (path: string, body: Readonly<Record<string, unknown>>) => readonly [status: number, body: unknown]

async function startBot(handle: Handle, token = 'the-token'): Promise<void> {
  const socket = join(dir, `${token}.sock`)
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += String(chunk)))
    request.on('end', () => {
      const [status, body] = handle(request.url ?? '', JSON.parse(text) as Record<string, unknown>)
      response.writeHead(status).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server?.listen(socket, resolve))
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 32)
  writeFileSync(join(dir, `${name}.json`), JSON.stringify({ socket, token }))
}

const parents: Record<string, string> = { child: 'grown', grown: 'root' }
let earlier: readonly string[] = []
let aborted: string[] = []
const input = (): PluginInput => ({
  directory: dir,
  worktree: dir,
  client: {
    tui: { showToast: async () => undefined },
    session: {
      get: async ({ path }) => ({ data: { ...(parents[path.id] !== undefined && { parentID: parents[path.id] ?? '' }) } }),
      abort: async ({ path }) => void aborted.push(path.id),
      messages: async () => ({ data: earlier.map((id) => ({ info: { id, role: 'user' }, parts: [] })) }),
      promptAsync: async () => undefined,
    },
  },
})

async function hooks(): Promise<Hooks> {
  process.env['KIMAKI_AGENT_LINKS'] = dir
  return exported.default.server(input())
}

const call = (session = 'root', callID = 'call_1', abort = new AbortController().signal) => ({
  sessionID: session,
  callID,
  abort,
})

describe('in an OpenCode that Kimaki has not started', () => {
  test('the plugin has no hooks and no tools', async () => {
    expect(await exported.default.server(input())).toEqual({})
  })
  test('the file exports the plugin and nothing else', () => {
    expect(Object.keys(exported)).toEqual(['default'])
  })
})

describe('a call of a tool', () => {
  test('names its folder, token, session, call and arguments', async () => {
    let got: unknown
    await startBot((path, body) => [200, { output: ((got = [path, body]), 'shown') }])
    const tool = (await hooks()).tool?.['kimaki_action_buttons']
    expect(await tool?.execute({ buttons: [{ label: 'Go' }] }, call())).toBe('shown')
    expect(got).toEqual([
      '/agent/tool',
      {
        directory: dir,
        token: 'the-token',
        session: 'root',
        call: 'call_1',
        tool: 'action-buttons',
        args: { buttons: [{ label: 'Go' }] },
      },
    ])
  })

  test('that is refused gives the model the sentence', async () => {
    await startBot(() => [400, { error: 'no thread' }])
    expect(await callTool(botOf(dir, dir), { tool: 'x', args: {} }, call())).toBe('no thread')
  })

  test('is asked again with the same id while a person has not answered', async () => {
    const calls: unknown[] = []
    await startBot((_path, body) => (calls.push(body['call']) < 3 ? [200, { pending: true }] : [200, { output: 'done' }]))
    expect(await callTool(botOf(dir, dir), { tool: 'x', args: {} }, call())).toBe('done')
    expect(calls).toEqual(['call_1', 'call_1', 'call_1'])
  })

  test('outlives a bot that stops: the next one is found with its own address and token', async () => {
    const tokens: unknown[] = []
    const asked = Promise.withResolvers<undefined>()
    await startBot((_path, body) => (tokens.push(body['token']), asked.resolve(undefined), [500, { error: 'stopping' }]))
    const answer = callTool(botOf(dir, dir), { tool: 'x', args: {} }, call(), 1)
    await asked.promise
    await stopBot()
    await startBot((_path, body) => [200, { output: String(body['token']) }], 'newer')
    expect(await answer).toBe('newer')
    expect(tokens[0]).toBe('the-token')
  })

  test('P-096: is given longer than the bot holds it, so that the answer of the bot counts', async () => {
    const given: number[] = []
    const bot = {
      link: '',
      call: async (_path: string, _body: object, { timeoutMs }: { readonly timeoutMs: number }) => {
        given.push(timeoutMs)
        return { kind: 'answer', body: { output: 'done' } } as const
      },
    }
    await callTool(bot, { tool: 'x', args: {} }, call())
    // The bot answers after 25 s at the latest.
    expect(given.every((ms) => ms >= 2 * 25_000)).toBe(true)
  })

  test('ends when the run is stopped', async () => {
    const stop = new AbortController()
    const answer = callTool(botOf(dir, dir), { tool: 'x', args: {} }, call('root', 'call_1', stop.signal), 1)
    stop.abort()
    await expect(answer).rejects.toThrow(/abort/i)
  })
})

describe("the agent's shell", () => {
  const place = { threadId: '1', channelId: '2', guildId: '3' }
  const environment = async (found: Hooks, sessionID?: string): Promise<Record<string, string>> => {
    const env: Record<string, string> = {}
    await found['shell.env']?.(sessionID === undefined ? {} : { sessionID }, { env })
    return env
  }

  test.each(['root', 'child'])('of the session %s knows where it is, and no token', async (session) => {
    await startBot((_path, body) => (body['session'] === 'root' ? [200, place] : [400, { error: 'none' }]))
    const env = await environment(await hooks(), session)
    expect(env).toMatchObject({
      KIMAKI_SESSION_ID: session,
      KIMAKI_THREAD_ID: '1',
      KIMAKI_CHANNEL_ID: '2',
      KIMAKI_GUILD_ID: '3',
    })
    expect(env['KIMAKI_BOT']).toMatch(/\.json$/)
    expect(JSON.stringify(env)).not.toContain('the-token')
  })

  test('is asked about once a session, and again where the bot was away', async () => {
    const found = await hooks()
    expect(await environment(found, 'root')).toEqual({})
    let count = 0
    await startBot(() => [200, ((count += 1), place)])
    await environment(found, 'root')
    await environment(found, 'root')
    expect(count).toBe(1)
    expect(await environment(found)).toEqual({})
  })
})

describe('a message of the bot', () => {
  const said = async (found: Hooks, id: string, system?: string): Promise<readonly string[]> => {
    const message: UserMessage = { id, sessionID: 'root', ...(system !== undefined && { system }) }
    const parts: { readonly type: string }[] = []
    await found['chat.message']?.({ sessionID: 'root' }, { message, parts })
    return (parts as TextPart[]).map(({ text }) => text.replaceAll(/<\/?system-reminder>|\n/g, ''))
  }
  const checkOut = (head: string): void => {
    mkdirSync(join(dir, '.git'), { recursive: true })
    writeFileSync(join(dir, '.git', 'HEAD'), `${head}\n`)
  }

  test('tells the branch when it is another than before, and a detached HEAD', async () => {
    const found = await hooks()
    checkOut('ref: refs/heads/feature/one')
    expect(await said(found, 'msg_1', 'S')).toEqual(['The current git branch is feature/one.'])
    expect(await said(found, 'msg_2', 'S')).toEqual([])
    checkOut('a'.repeat(40))
    expect(await said(found, 'msg_3', 'S')).toEqual([`Git has no branch checked out: HEAD is detached at ${'a'.repeat(12)}.`])
  })

  test('of a worktree tells the branch of that worktree', async () => {
    mkdirSync(join(dir, 'elsewhere'))
    writeFileSync(join(dir, 'elsewhere', 'HEAD'), 'ref: refs/heads/aside\n')
    writeFileSync(join(dir, '.git'), 'gitdir: elsewhere\n')
    expect(await said(await hooks(), 'msg_1', 'S')).toEqual(['The current git branch is aside.'])
  })

  test('brings the memory overview with the first message of the session, and never again', async () => {
    writeFileSync(join(dir, 'MEMORY.md'), '# Notes\nUse tabs.')
    earlier = ['msg_1']
    expect(await said(await hooks(), 'msg_1', 'S')).toEqual([expect.stringContaining('# NotesUse tabs.')])
    earlier = ['msg_1', 'msg_2']
    expect(await said(await hooks(), 'msg_2', 'S')).toEqual([])
    earlier = []
  })

  test('shows of a long memory its headings with their lines, not those in code', async () => {
    writeFileSync(join(dir, 'MEMORY.md'), `# One\n${'x'.repeat(5000)}\n\`\`\`\n# no heading\n\`\`\`\n## Two`)
    const [text = ''] = await said(await hooks(), 'msg_1', 'S')
    expect(text).toContain('1: # One6: ## Two')
    expect(text).not.toContain('no heading')
  })

  test('of a terminal, without a system prompt, is left as it is', async () => {
    checkOut('ref: refs/heads/main')
    expect(await said(await hooks(), 'msg_1')).toEqual([])
  })

  test('that is sent again has its parts under the same ids', async () => {
    checkOut('ref: refs/heads/main')
    const ids = async (): Promise<readonly string[]> => {
      const parts: { readonly type: string }[] = []
      await (
        await hooks()
      )['chat.message']?.({ sessionID: 'root' }, { message: { id: 'msg_1', sessionID: 'root', system: 'S' }, parts })
      return (parts as TextPart[]).map(({ id }) => id)
    }
    expect(await ids()).toEqual(await ids())
    expect((await ids())[0]).toMatch(/^prt_zzzz/)
  })
})

describe('the system prompt of a session', () => {
  test('stays with commands, and with what OpenCode writes itself after a summary', async () => {
    const found = await hooks()
    const command: UserMessage = { id: 'msg_2', sessionID: 'root' }
    await found['chat.message']?.({ sessionID: 'root' }, { message: { id: 'msg_1', sessionID: 'root', system: 'S' }, parts: [] })
    await found['chat.message']?.({ sessionID: 'root' }, { message: command, parts: [] })
    expect(command.system).toBe('S')
    const system = ['Agent.']
    await found['experimental.chat.system.transform']?.({ sessionID: 'root' }, { system })
    await found['experimental.chat.system.transform']?.({ sessionID: 'root' }, { system })
    await found['experimental.chat.system.transform']?.({}, { system })
    expect(system).toEqual(['Agent.\nS'])
  })
})

test('an OpenCode that never answers its own plugin holds up no command', async () => {
  vi.useFakeTimers()
  try {
    process.env['KIMAKI_AGENT_LINKS'] = dir
    const never = async (): Promise<never> => new Promise(() => undefined)
    const hooks = await exported.default.server({
      ...input(),
      client: { ...input().client, session: { get: never, abort: never, messages: never, promptAsync: never } },
    })
    const env: Record<string, string> = {}
    const done = hooks['shell.env']?.({ sessionID: 'root' }, { env })
    await vi.advanceTimersByTimeAsync(1500)
    await done
    expect(env).toEqual({})
  } finally {
    vi.useRealTimers()
  }
})

test("in OpenCode's own runtime no call hangs, wherever the bot dies or falls silent", async () => {
  const binary = createRequire(import.meta.url).resolve('opencode-ai/bin/opencode.exe')
  const fixture = fileURLToPath(new URL('fixtures/dying-bots.ts', import.meta.url))
  // A program made by Bun runs as Bun with this.
  const env = { PATH: process.env['PATH'], HOME: dir, BUN_BE_BUN: '1' }
  const { stdout } = await promisify(execFile)(binary, ['run', fixture, dir], { env, timeout: 60_000, killSignal: 'SIGKILL' })
  expect(new Set(Object.values(JSON.parse(stdout) as Record<string, string>))).toEqual(new Set(['away']))
})

test('a file of the project that waits for a writer holds up no message', async () => {
  mkdirSync(join(dir, '.git'))
  for (const file of ['MEMORY.md', '.git/HEAD']) execFileSync('mkfifo', [join(dir, file)])
  const parts: { readonly type: string }[] = []
  await (
    await hooks()
  )['chat.message']?.({ sessionID: 'root' }, { message: { id: 'msg_1', sessionID: 'root', system: 'S' }, parts })
  expect(parts).toEqual([])
})

describe('the question tool', () => {
  test.each<readonly [string | undefined, string | undefined, boolean]>([
    [undefined, undefined, false],
    ['cli', undefined, false],
    ['app', undefined, false],
    ['desktop', undefined, false],
    ['acp', undefined, true],
    ['acp', '1', false],
    ['acp', 'true', false],
    ['acp', '0', true],
  ])('where OpenCode serves the client %s and its own is enabled by %s: offered is %s', async (client, enabled, isOffered) => {
    vi.stubEnv('OPENCODE_CLIENT', client)
    vi.stubEnv('OPENCODE_ENABLE_QUESTION_TOOL', enabled)
    try {
      expect(Object.keys((await hooks()).tool ?? {}).includes('kimaki_question')).toBe(isOffered)
    } finally {
      vi.unstubAllEnvs()
    }
  })
})

describe('a subagent whom the provider refuses', () => {
  beforeEach(() => void (aborted = []))
  const retries = async (found: Hooks, sessionID: string, message: string): Promise<void> =>
    found.event?.({ event: { type: 'session.status', properties: { sessionID, status: { type: 'retry', message } } } })
  interface Result {
    readonly status: string
    readonly error?: string
    readonly output?: string
  }
  const read = async (found: Hooks, result: Result, sessionId = 'child') => {
    const state = { ...result, metadata: { sessionId } }
    await found['experimental.chat.messages.transform']?.({}, { messages: [{ parts: [{}, { state }] }] })
    return state
  }

  test.each<readonly [string, string, string, readonly string[]]>([
    ['for a rate limit is stopped', 'child', 'Too Many Requests', ['child']],
    ['for a rate limit, in words of its own, too', 'child', 'Error 429: Rate-limit reached', ['child']],
    ['since it is overloaded is not: OpenCode asks again', 'child', 'Overloaded', []],
    ['is an agent that people talk to: it is not stopped', 'root', 'Too Many Requests', []],
  ])('%s', async (_what, session, message, stopped) => {
    const found = await hooks()
    await retries(found, session, message)
    await retries(found, session, message)
    expect(aborted).toEqual(stopped)
  })

  test('its agent reads why, whichever way the call has ended', async () => {
    const found = await hooks()
    const before = { status: 'completed', output: 'half of it' }
    expect(await read(found, before)).toMatchObject(before)
    await retries(found, 'child', 'Too Many Requests')
    const why = expect.stringMatching(/rate limit: Too Many Requests\nDo its work yourself/) as string
    expect(await read(found, { status: 'error', error: 'Tool execution aborted' })).toMatchObject({ error: why })
    expect(await read(found, before)).toMatchObject({ output: expect.stringMatching(/^half of it\n\nThe subagent/) as string })
    expect(await read(found, before, 'other')).toMatchObject(before)
  })
})
