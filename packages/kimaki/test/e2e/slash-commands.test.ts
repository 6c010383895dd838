/** Slash commands that reach OpenCode, with the real one: its own commands, and commands about sessions. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ComponentType } from 'discord-api-types/v10'
import type { Interaction, Person } from 'discord-emulator'
import { beforeAll, expect, test } from 'vitest'
import { buttonsIn } from '../support/buttons.ts'
import { startInnerBot } from '../support/inner-bot.ts'
import { programOf } from '../support/programs.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'

const { harness, project, ask } = useHarness({
  opencode: 'lent',
  rules: [
    { match: /Greet them: ([^\n]*) (#m\d+)/, steps: ([, whom, tag]) => [{ kind: 'text', text: `Dear ${whom} ${tag}` }] },
    { match: /Tidy the shelf\.[^]*?(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Tidied ${tag}` }] },
    { match: /Asked by the server: [^\n]*?(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Told ${tag}` }] },
    {
      match: /put a note (#m\d+)/,
      steps: ([, tag]) => [
        { kind: 'tools', calls: [{ name: 'write', args: { filePath: `note-${tag?.slice(1)}.txt`, content: 'remember\n' } }] },
        { kind: 'text', text: `Noted ${tag}` },
      ],
    },
    {
      match: /send a helper (#m\d+)/,
      steps: ([, tag]) => [
        {
          kind: 'tools',
          calls: [{ name: 'task', args: { description: 'Help', prompt: 'helper, look', subagent_type: 'general' } }],
        },
        { kind: 'text', text: `Helped ${tag}` },
      ],
    },
    { match: 'helper, look', steps: [{ kind: 'text', text: 'The helper has looked.' }] },
    { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
  ],
})

const PROMPT_SERVER = fileURLToPath(new URL('fixtures/prompt-server.ts', import.meta.url))

/** Files are put on record, so that they can come back. */
beforeAll(async () => {
  const put = (path: string, text: string): void => {
    const file = join(project.directory, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const desk = { type: 'local', command: [process.execPath, PROMPT_SERVER], enabled: true }
  put('opencode.json', harness.openCodeConfig({ snapshot: true, share: 'disabled', mcp: { desk } }))
  put('.opencode/command/greet.md', '---\ndescription: Greets\n---\nGreet them: $ARGUMENTS\n')
  put('.opencode/skill/tidy/SKILL.md', '---\nname: tidy\ndescription: Tidies\n---\nTidy the shelf.\n')
  await startInnerBot(harness)
})

async function told(threadId: string, name: string, options: Parameters<Person['command']>[2] = {}): Promise<Interaction> {
  const use = harness.owner.command(threadId, name, options)
  await harness.emulator.world.until(`the answer to /${name}`, () => use.response?.content || undefined)
  return use
}

/** The person picks the nth option, and the thread that opens is the answer. */
async function picked(threadId: string, use: Interaction, nth = 0): Promise<string> {
  const row = use.response?.components?.[0]
  const menu = row?.type === ComponentType.ActionRow ? row.components[0] : undefined
  if (menu?.type !== ComponentType.StringSelect) throw new Error(`no menu: ${JSON.stringify(use.response)}`)
  const chosen = menu.options[nth]?.value ?? ''
  const pick = harness.owner.select(threadId, use.response?.id ?? '', menu.custom_id, [chosen])
  const begun = /<#(\d+)>/
  const content = (): string => `${pick.response?.content} ${use.response?.content}`
  return harness.emulator.world.until('the thread', () => begun.exec(content())?.[1])
}

test("OpenCode's own command, skill and MCP prompt, and commands about sessions", async () => {
  const thread = ask('put a note #m90')
  await harness.untilSaid(thread, FOOTER)
  const names = () => harness.owner.commands(project.channelId).map(({ name }) => name)
  const wanted = ['greet-cmd', 'tidy-skill', 'desk-ask-mcp-prompt']
  await harness.emulator.world.until('the commands to be registered', () =>
    wanted.every((name) => names().includes(name)) ? true : undefined,
  )
  const file = { name: 'notes.txt', contentType: 'text/plain', data: 'cleo likes tea' }
  await told(thread, 'greet-cmd', { arguments: 'cleo #m91', file })
  await harness.untilSaid(thread, 'Dear cleo #m91')
  await harness.untilFooters(thread, 2)
  const heard = () => harness.model.log.flatMap(({ userTexts }) => userTexts).join('\n')
  expect(heard()).toContain('cleo likes tea')
  await told(thread, 'tidy-skill', { arguments: '#m92' })
  await harness.untilSaid(thread, 'Tidied #m92')
  await harness.untilFooters(thread, 3)
  await told(thread, 'desk-ask-mcp-prompt', { arguments: '#m93' })
  await harness.untilSaid(thread, 'Told #m93')
  await harness.untilFooters(thread, 4)
  expect((await told(thread, 'compact')).response?.content).toMatch(/^[✓⬦]/)
  harness.owner.command(thread, 'share')
  await harness.emulator.world.until('the refusal', () =>
    harness.owner.messages(thread).find(({ content }) => content.startsWith('✗ OpenCode refused this')),
  )
})

test('a session that wrote a file is undone with the diff; it is copied, and so is that of a subagent', async () => {
  const thread = ask('send a helper #m94')
  await harness.untilSaid(thread, FOOTER)
  ask('put a note #m95', thread)
  await harness.untilFooters(thread, 2)
  const forked = await picked(thread, await told(thread, 'fork'))
  await harness.untilSaid(forked, 'Helped #m94')
  expect(harness.said(forked).join('\n')).not.toContain('Noted #m95')
  const helper = await picked(thread, await told(thread, 'fork-subagent'))
  await harness.untilSaid(helper, 'The helper has looked.')
  const undone = await told(thread, 'undo')
  expect(undone.response?.content).toMatch(/^✓ undone: "put a note #m95"\n```diff\n[^]*-remember/)
  expect(undone.response?.attachments.map(({ filename }) => filename)).toEqual([expect.stringMatching(/^diff-.*\.html$/)])
  expect((await told(thread, 'redo')).response?.content).toMatch(/^✓ back again: "put a note #m95"/)
})

/** Names and texts of the files that a message has. */
async function filesOf(message: { readonly attachments: readonly { readonly filename: string; readonly url: string }[] }) {
  return Promise.all(message.attachments.map(async ({ filename, url }) => ({ filename, text: await (await fetch(url)).text() })))
}

test('an answer that changed a file says so, its button attaches the page, and /diff shows the rest of the folder', async () => {
  const thread = ask('put a note #m97')
  await harness.untilSaid(thread, FOOTER)
  const button = await harness.emulator.world.until('the button', () =>
    buttonsIn(harness, thread).find(({ label }) => label === 'Diff'),
  )
  expect(button.text).toContain('1 file changed')
  harness.owner.press(thread, button.messageId, button.customId)
  const pressed = await harness.emulator.world.until('the page', () =>
    harness.owner.messages(thread).find(({ id, attachments }) => id === button.messageId && attachments.length === 1),
  )
  const [page] = await filesOf(pressed)
  expect(page?.filename).toMatch(/^diff-.*\.html$/)
  expect(page?.text).toContain('note-m97.txt')
  expect(page?.text).toContain('+remember')
  expect(pressed.content).toMatch(FOOTER)
  expect(buttonsIn(harness, thread)).toContainEqual(button)

  writeFileSync(join(project.directory, '.env.local'), 'TEA=darjeeling-0815\n')
  const shown = await told(thread, 'diff')
  expect(shown.response?.content).toMatch(/^⬦ \*\*\d+ files\*\* \+\d+ −\d+: since the last commit /)
  const [whole] = await filesOf(shown.response ?? { attachments: [] })
  expect(whole?.text).toContain('.env.local')
  expect(whole?.text).not.toContain('darjeeling-0815')
  harness.owner.command(thread, 'diff', { against: 'no-such-branch' })
  // What went wrong is told to the person alone.
  await harness.emulator.world.until('the refusal', () =>
    harness.owner.messages(thread).find(({ content }) => content.startsWith('✗ no diff: there is no commit')),
  )
})

/** `script` makes a terminal of its own for it. */
test("the session of a thread opens in OpenCode's terminal, as /session-id says", async () => {
  const thread = ask('hello #m96')
  await harness.untilSaid(thread, FOOTER)
  const [, session = ''] = /kimaki attach (ses_\w+)/.exec((await told(thread, 'session-id')).response?.content ?? '') ?? []
  const command = `stty cols 100 rows 30; exec '${process.execPath}' '${programOf()}' attach ${session}`
  const env = { ...harness.env, PATH: process.env['PATH'], TERM: 'xterm-256color' }
  const terminal = spawn('script', ['-qfc', command, '/dev/null'], { env, cwd: project.directory, stdio: 'pipe' })
  let shown = ''
  terminal.stdout.setEncoding('utf8').on('data', (chunk: string) => (shown += chunk))
  await until(
    () => `the answer to be shown: ${JSON.stringify(shown.slice(-500))}`,
    async () => shown.includes('Answer'),
  )
  terminal.kill()
  await once(terminal, 'exit')
  expect(shown).toContain('Answer')
})
