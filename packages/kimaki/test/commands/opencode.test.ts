/** What OpenCode offers, as slash commands: their names, which of them are shown, and what they do. */
import { describe, expect, test } from 'vitest'
import { COMMANDS, runCommand } from '../../src/commands/index.ts'
import { declaredIn } from '../../src/commands/opencode/declared.ts'
import { namesOf } from '../../src/commands/opencode/names.ts'
import { runOffered } from '../../src/commands/opencode/run.ts'
import { saidBy } from '../../src/domain/conversation/command.ts'
import { DEFAULT_SETTINGS } from '../../src/domain/settings.ts'
import type { Offered, OfferedCommand } from '../../src/domain/offered.ts'
import { CHANNEL, conversation, nextId } from '../support/conversation.ts'

const command = (name: string, source: OfferedCommand['source'] = 'command'): OfferedCommand => ({
  name,
  description: '',
  source,
})
const offered = (...commands: readonly OfferedCommand[]): Offered => ({ agents: [], commands })
const free = () => false
const names = (project: Offered, isTaken: (name: string) => boolean = free) => [...namesOf(project, isTaken).keys()]

describe('a name in Discord', () => {
  test.each<[string, OfferedCommand, string]>([
    ['a plain name', command('deploy'), 'deploy-cmd'],
    ['a folder', command('git/commit'), 'git-commit-cmd'],
    ['a prompt of an MCP server', command('server:prompt', 'mcp'), 'server-prompt-mcp-prompt'],
    ['a skill', command('Write Docs', 'skill'), 'write-docs-skill'],
    ['letters of other scripts', command('提交'), '提交-cmd'],
    ['an accent made of two characters', command('cafe\u0301'), 'café-cmd'],
    ['signs at the ends', command('--x!'), 'x-cmd'],
    ['60 letters', command('x'.repeat(60)), `${'x'.repeat(28)}-cmd`],
    ['60 letters of two units', command('𝒳'.repeat(60)), expect.stringMatching(/^.{14}-cmd$/u) as string],
  ])('of %s', (_what, given, expected) => {
    expect(names(offered(given))).toEqual([expected])
  })

  test('nothing is left of a name of signs alone: it goes by /run', () => {
    expect(names(offered(command('👍')))).toEqual([])
  })

  test('two that come out the same are distinct, and the one that keeps its name has it', () => {
    const map = namesOf(offered(command('a/b'), command('a:b'), command('a-b')), free)
    expect(
      [...map].map(
        ([
          name,
          {
            offered: { name: own },
          },
        ]) => [name, own],
      ),
    ).toEqual([
      ['a-b-cmd', 'a-b'],
      ['a-b-2-cmd', 'a/b'],
      ['a-b-3-cmd', 'a:b'],
    ])
  })

  test('never shadows a command of ours', () => {
    expect(names(offered(command('x')), (name) => name === 'x-cmd')).toEqual(['x-2-cmd'])
  })

  test.each([
    ['letters', 'x'],
    ['letters of two units', '𝒳'],
    ['signs', 'a/'],
  ])('has at most 32 units, however many are the same: %s', (_what, letter) => {
    const many = Array.from({ length: 12 }, (_, n) => command(letter.repeat(40 + n)))
    const all = names(offered(...many))
    expect([new Set(all).size, Math.max(...all.map((name) => name.length)) <= 32]).toEqual([12, true])
  })
})

describe('what a guild is shown', () => {
  const project: Offered = {
    agents: [{ name: 'plan', description: 'Only plans' }],
    commands: [command('tidy', 'skill'), command('s:ask', 'mcp'), command('deploy'), command('init')],
  }

  test('the commands of Kimaki first, then agents, commands, MCP prompts and skills', () => {
    const declared = declaredIn(COMMANDS, [project])
    expect(declared.filter(({ kind }) => kind === 'message').map(({ name }) => name)).toEqual([
      'Fork from here',
      'Queue this',
      'Where is this?',
    ])
    const shown = declared.map(({ name }) => name)
    expect(shown.slice(0, COMMANDS.length)).toEqual(COMMANDS.map(({ name }) => name))
    expect(shown.slice(COMMANDS.length)).toEqual(['plan-agent', 'deploy-cmd', 's-ask-mcp-prompt', 'tidy-skill'])
  })

  test('of several projects each name once', () => {
    const shown = declaredIn([], [project, offered(command('deploy'), command('other'))]).map(({ name }) => name)
    expect(shown).toEqual(['plan-agent', 'deploy-cmd', 'other-cmd', 's-ask-mcp-prompt', 'tidy-skill'])
  })

  test('at most 100, and no more of ours than Discord is to be told', () => {
    const many = offered(...Array.from({ length: 150 }, (_, n) => command(`c${n}`)))
    const shown = declaredIn(COMMANDS, [many])
    expect([shown.length, Object.keys(shown[0] ?? {})]).toEqual([100, ['name', 'description', 'options']])
  })
})

describe('invoked', () => {
  const project = { agents: [{ name: 'plan', description: '' }], commands: [command('git/commit'), command('tidy', 'skill')] }
  const moment = { at: 1, settings: DEFAULT_SETTINGS, allowed: [], offered: project }
  const run = (name: string, options: Record<string, string>, state = conversation(), known: readonly Offered[] = [project]) =>
    runCommand(
      state,
      { id: nextId(), applicationId: '1', token: 't', name, options, guildId: '1', channelId: '2', userId: '3', userName: 'Ann' },
      { ...moment, offered: known[0] },
    )
  const channel = { ...conversation(), id: CHANNEL, channelId: CHANNEL }

  test.each<[string, string, Record<string, string>, string]>([
    ['a command by its own name', 'git-commit-cmd', { arguments: 'all of it' }, '/git/commit all of it'],
    ['a skill', 'tidy-skill', {}, '/tidy'],
    ['/run', 'run', { command: 'git/commit' }, '/git/commit'],
    ['/run with what Discord shows', 'run', { command: '/git-commit-cmd', arguments: 'x' }, '/git/commit x'],
    ['/queue-command', 'queue-command', { command: 'tidy', arguments: 'x' }, '/tidy x. queue'],
    ['an agent', 'plan-agent', { prompt: 'the week' }, 'the week'],
  ])('in a thread, %s is words that are said there', (_what, name, options, says) => {
    expect(run(name, options)).toMatchObject({ says, reply: expect.stringMatching(/^» \*\*Ann:\*\*/) as string })
  })

  test('a file that goes along is named in the answer, and is a file of the words', () => {
    const file = { id: '9', name: 'notes.txt', contentType: 'text/plain', size: 1, url: 'https://cdn.test/9' }
    const invoked = { id: nextId(), applicationId: '1', token: 't', guildId: '1', channelId: '2', userId: '3', userName: 'Ann' }
    const options = { arguments: 'x', file: '9' }
    const command = { ...invoked, name: 'tidy-skill', options, files: [file] }
    const inThread = runCommand(conversation(), command, moment)
    expect(inThread).toMatchObject({ says: '/tidy x', reply: expect.stringMatching(/\nwith notes\.txt$/) as string })
    expect(saidBy(command, '/tidy x', conversation()).attachments).toEqual([file])
    expect(runCommand(channel, command, moment)).toMatchObject({
      requests: [{ message: { text: '/tidy x', attachments: [file] } }],
    })
  })

  test('an agent is the one that answers', () => {
    expect(run('plan-agent', { prompt: 'the week' })).toMatchObject({
      requests: [{ kind: 'set-preference', scope: 'session', change: { name: 'agent', value: 'plan' } }],
    })
    expect(run('plan-agent', { prompt: 'the week' }, channel)).toMatchObject({ requests: [{ begins: { agent: 'plan' } }] })
  })

  test('in a channel a command begins a conversation', () => {
    expect(run('tidy-skill', { arguments: 'x' }, channel)).toMatchObject({
      requests: [{ kind: 'launch', message: { text: '/tidy x' } }],
    })
  })

  test.each([
    ['a name of another project', 'other-cmd', {}, [project]],
    ['an agent of another project', 'other-agent', { prompt: 'x' }, [project]],
    ['/run of something unknown', 'run', { command: 'other' }, [project]],
    ['a project nobody asked yet', 'tidy-skill', {}, []],
  ])('%s is answered with what to do', (_what, name, options, known) => {
    expect(run(name, options, conversation(), known)).toEqual({
      reply: expect.stringMatching(/^✗ OpenCode does not know/) as string,
    })
  })

  test('an agent that is asked nothing says so', () => {
    expect(run('plan-agent', { prompt: ' ' })).toEqual({ reply: '✗ nothing to ask plan: the prompt is empty' })
  })
})

test('/run proposes what has the typed words, those that begin with them first, and at most 25', async () => {
  const many = ['xtidy', 'tidy', ...Array.from({ length: 40 }, (_, n) => `tidy-${n}`)]
  const query = { typed: '/tidy', directory: '/p' } as Parameters<NonNullable<typeof runOffered.proposes>[string]>[1]
  const offers = { read: async () => offered(...many.map((name) => command(name)), command('a'.repeat(101))) }
  const proposed = await runOffered.proposes?.['command']?.({ offers } as never, query)
  expect(proposed).toHaveLength(25)
  expect(proposed).toMatchObject({ 0: { name: '/tidy [cmd]', value: 'tidy' } })
})
