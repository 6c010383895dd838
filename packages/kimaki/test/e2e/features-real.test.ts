/** One run of each feature with the real OpenCode. All their cases are played with the scripted one, which a contract holds to it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ComponentType } from 'discord-api-types/v10'
import type { Rule, Step } from 'scripted-model'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { press } from '../support/buttons.ts'
import { DOT } from '../support/dot.ts'
import { FINISHED, withLogInPlugin } from '../support/contracts/log-ins.ts'
import { startInnerBot } from '../support/inner-bot.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'

const FULL = `This model's maximum context length is 8000 tokens. However, your messages resulted in 9000 tokens.`
const failed = new Set<string | undefined>()
/** Fails the first time. */
const atFirst = (match: RegExp, failure: Step): Rule => ({
  match,
  steps: ([, tag]) => {
    const isFirst = !failed.has(tag)
    failed.add(tag)
    return [isFirst ? failure : { kind: 'text', text: `Answer to ${tag}` }]
  },
})
const waiting = (file: string): Step => ({
  kind: 'tools',
  calls: [{ name: 'bash', args: { command: `until [ -f ${file} ]; do sleep 0.05; done`, description: 'Wait' } }],
})

const { harness, project, ask } = useHarness({
  opencode: 'lent',
  rules: [
    atFirst(/busy (#m\d+)/, { kind: 'error', status: 429, message: 'Rate limit reached', retryAfterS: 1 }),
    atFirst(/full (#m\d+)/, { kind: 'error', status: 400, message: FULL }),
    { match: /why (\w+)/, steps: ([, what]) => [{ kind: 'text', text: `Because of ${what}.` }] },
    {
      match: 'show your environment',
      steps: [
        {
          kind: 'tools',
          calls: [
            {
              name: 'bash',
              args: {
                command:
                  'env | cut -d= -f1 | sort > names; echo "$SHELL" > shell; echo "$KIMAKI_CHANNEL_ID $KIMAKI_THREAD_ID" > place',
                description: 'Look',
              },
            },
          ],
        },
        { kind: 'text', text: 'Looked.' },
      ],
    },
    {
      match: 'offer buttons',
      steps: [
        {
          kind: 'tools',
          calls: [
            {
              name: 'kimaki_action_buttons',
              args: { buttons: [{ label: 'Paint #m20', color: 'green' }, { label: 'Leave it' }] },
            },
          ],
        },
        { kind: 'text', text: 'What now?' },
      ],
    },
    {
      match: /look at (\w+)\.png/,
      steps: ([, name = '']) => [
        { kind: 'tools', calls: [{ name: 'read', args: { filePath: `${name}.png` } }] },
        { kind: 'text', text: `A picture, ${name}.` },
      ],
    },
    {
      match: 'ask me for a file',
      steps: [
        { kind: 'tools', calls: [{ name: 'kimaki_file_upload', args: { prompt: 'The log, please', maxFiles: 2 } }] },
        { kind: 'text', text: 'Thank you.' },
      ],
    },
    { match: 'endless', steps: [{ kind: 'text', text: 'And on it goes', finish: 'eos_token' }] },
    {
      match: /wait for (\w+)/,
      steps: ([, file = '']) => [waiting(file), { kind: 'text', text: `Waited for ${file}.` }],
    },
    { match: /Greet them: ([^\n]*) (#m\d+)/, steps: ([, whom, tag]) => [{ kind: 'text', text: `Dear ${whom} ${tag}` }] },
    { match: /^hello$/m, steps: [{ kind: 'text', text: 'Hello.' }] },
    { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
  ],
})

beforeAll(async () => {
  const folder = join(project.directory, '.opencode', 'command')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'greet.md'), '---\ndescription: Greets\n---\nGreet them: $ARGUMENTS\n')
  const image = { auto_resize: false } // it refuses what is too large
  writeFileSync(join(project.directory, 'opencode.json'), harness.openCodeConfig({ attachment: { image } }))
  withLogInPlugin(project.directory)
  await startInnerBot(harness, { env: { KIMAKI_INTERRUPT_STEP_TIMEOUT_MS: '1000' } })
})

test('a tool is stopped for a message that waits, and the message is answered', async () => {
  const thread = ask('wait for never #m1')
  await harness.untilSaid(thread, /bash _until/)
  ask('now this #m2', thread)
  await harness.untilSaid(thread, 'Answer to #m2')
  await harness.untilSaid(thread, /^⬦ stopped to read the new message: bash/)
  harness.expectFaithful()
})

test('the queue waits for the end of the run', async () => {
  const thread = ask('wait for third #m3')
  await harness.untilSaid(thread, /bash _until/)
  ask('#m4. queue', thread)
  await harness.untilSaid(thread, 'queued at position 1')
  writeFileSync(join(project.directory, 'third'), '')
  await harness.untilSaid(thread, 'Waited for third.')
  await harness.untilSaid(thread, 'Answer to #m4')
  harness.expectFaithful()
})

test('a question aside is answered from a copy, while the task goes on', async () => {
  // A copy has all that was said: a tag would stand twice.
  const thread = ask('hello')
  await harness.untilSaid(thread, FOOTER)
  ask('wait for fifth', thread)
  await harness.untilSaid(thread, /bash _until/)
  ask('why blue. btw', thread)
  const aside = await harness.emulator.world.until('its thread', () =>
    harness.emulator.world.threads(project.channelId).find((one) => 'name' in one && one.name === 'btw: why blue'),
  )
  await harness.untilSaid(aside.id, 'Because of blue.')
  writeFileSync(join(project.directory, 'fifth'), '')
  await harness.untilSaid(thread, 'Waited for fifth.')
})

test("a command of the project runs with the message's words", async () => {
  await harness.untilSaid(ask('/greet ada and bob #m7'), 'Dear ada and bob #m7')
  harness.expectFaithful()
})

test('a provider that asks to wait is a notice, then there is the answer', async () => {
  const thread = ask('busy #m8')
  await harness.untilSaid(thread, 'Answer to #m8')
  await harness.untilSaid(thread, /^⬦ Rate limit reached: the provider was asked again once$/)
  harness.expectFaithful()
})

test('a context that is full is summed up, and the message is answered', async () => {
  const thread = ask('hello #m9')
  await harness.untilSaid(thread, FOOTER)
  ask('full #m10', thread)
  await harness.untilSaid(thread, /^⬦ the context was full: what came before has been summed up/)
  await harness.untilSaid(thread, 'Answer to #m10')
  harness.expectFaithful()
})

test("V20: the agent's shell has neither the password of its server nor a token, and the shell of the user; it knows its thread", async () => {
  const thread = ask('show your environment')
  await harness.untilSaid(thread, 'Looked.')
  const names = readFileSync(join(project.directory, 'names'), 'utf8').split('\n')
  expect(names).toContain('OPENCODE_PID')
  expect(names.filter((name) => /PASSWORD|TOKEN|^KIMAKI|^npm_config_fetch|^OPENCODE_CONFIG/.test(name))).toEqual([
    'KIMAKI_AGENT_OF',
    'KIMAKI_BOT',
    'KIMAKI_CHANNEL_ID',
    'KIMAKI_GUILD_ID',
    'KIMAKI_SESSION_ID',
    'KIMAKI_THREAD_ID',
  ])
  expect(readFileSync(join(project.directory, 'place'), 'utf8')).toBe(`${project.channelId} ${thread}\n`)
  expect(readFileSync(join(project.directory, 'shell'), 'utf8')).not.toContain('agent-shell')
})

test("the agent's buttons stand below its answer, and a press is a message of whoever pressed, once", async () => {
  const thread = ask('offer buttons')
  await harness.untilSaid(thread, 'What now?')
  await harness.untilSaid(thread, /^⬦ Press what comes next/)
  press(harness, thread, 'Paint #m20')
  await harness.untilSaid(thread, 'Answer to #m20')
  await harness.untilSaid(thread, '✓ **ada** pressed **Paint #m20**')
  const asked = harness.model.log.filter(({ answers }) =>
    answers.some((text) => text.includes('I pressed the button "Paint #m20"')),
  )
  expect(asked).toHaveLength(1)
  harness.expectFaithful()
})

test('the agent asks for a file, waits for it, and gets the path of what a person picks', async () => {
  const thread = ask('ask me for a file')
  await harness.untilSaid(thread, /^⬦ the agent asks for files: The log, please/)
  const opening = press(harness, thread, 'Send files…')
  await harness.emulator.world.until('the picker', () => opening.modal)
  harness.owner.fill(opening, { files: [{ name: 'build log.txt', data: 'all is well' }] })
  await harness.untilSaid(thread, 'Thank you.')
  await harness.untilSaid(thread, /✓ uploads\/\S+log\.txt/)
  const [name = ''] = readdirSync(join(project.directory, 'uploads'))
  expect(readFileSync(join(project.directory, 'uploads', name), 'utf8')).toBe('all is well')
  harness.expectFaithful()
})

test('a picture that a tool returns stands in the thread, before the words about it, and no copy of it stays', async () => {
  writeFileSync(join(project.directory, 'dot.png'), DOT)
  const thread = ask('look at dot.png')
  await harness.untilSaid(thread, 'A picture, dot.')
  const files = harness.emulator.world
    .messages(thread)
    .flatMap(({ content, attachments }) =>
      attachments.map(({ filename, size }) => ({ content: content.split('\n').at(-1), filename, size })),
    )
  expect(files).toEqual([{ content: '📄 dot.png', filename: 'dot.png', size: 70 }])
  expect(harness.said(thread).findIndex((text) => text.includes('📄'))).toBeLessThan(
    harness.said(thread).findIndex((text) => text.includes('A picture, dot.')),
  )
  await harness.untilSaid(thread, FOOTER)
  await until('no copy', () => readdirSync(join(harness.dataDir, 'attachments', thread)).length === 0)
})

test('large images, of a person and of a tool, are made smaller before OpenCode would do that itself, which it may not here', async () => {
  const image = sharp({ create: { width: 2500, height: 4, channels: 3, background: 'red' } })
  const wide = await image.png().toBuffer()
  writeFileSync(join(project.directory, 'wide.png'), wide)
  const files = [{ name: 'mine.png', contentType: 'image/png', data: wide }]
  const { id: thread } = harness.owner.send(project.channelId, 'look at wide.png', { files })
  await harness.untilSaid(thread, 'A picture, wide.')
  const shown = harness.emulator.world.messages(thread).flatMap(({ attachments }) => attachments)
  expect(shown).toMatchObject([{ filename: 'wide.png' }])
  harness.expectFaithful()
})

test('a system prompt that has changed is told once, as a line that says what', async () => {
  const thread = ask('as before #m21')
  await harness.untilSaid(thread, FOOTER)
  writeFileSync(join(project.directory, 'AGENTS.md'), 'Speak like a pirate.\n')
  for (const tag of ['#m22', '#m23']) {
    ask(`and now ${tag}`, thread)
    await harness.untilSaid(thread, `Answer to ${tag}`)
  }
  expect(harness.said(thread).filter((text) => /now ".*AGENTS.md" and 1 more/.test(text))).toHaveLength(1)
  rmSync(join(project.directory, 'AGENTS.md'))
  harness.expectFaithful()
})

test('an answer that never says that it is complete is stopped after a few steps', async () => {
  const thread = ask('endless')
  await harness.untilSaid(thread, /^✗ stopped: the model never said that its answer was complete/)
  expect(harness.said(thread).length).toBeLessThan(20)
})

/** Rights of the bot itself in the channel of the project (Discord docs: Permissions). */
const deny = (bits: bigint): void =>
  harness.guild.setOverwrites(project.channelId, [{ id: harness.application.id, type: 'member', deny: bits }])
const MANAGE_THREADS = 1n << 34n
const VIEW_CHANNEL = 1n << 10n

test('a thread that is locked in the middle of a run gets its answer once it is unlocked; the channel is told meanwhile', async () => {
  deny(MANAGE_THREADS)
  const thread = ask('wait for locked')
  await harness.untilSaid(thread, /bash _until/)
  harness.guild.archiveThread(thread, false, true)
  writeFileSync(join(project.directory, 'locked'), '')
  await harness.untilSaid(project.channelId, /^⬦ the bot may not write in <#\d+> for now.*\nThe thread is locked: unlock it/)
  expect(harness.said(thread).join()).not.toContain('Waited for locked.')
  harness.guild.archiveThread(thread, false, false)
  await harness.untilSaid(thread, 'Waited for locked.')
  await harness.untilSaid(thread, FOOTER)
  await harness.untilSaid(project.channelId, /what it had to say stands there now/)
  deny(0n)
})

test('a channel that is hidden from the bot in the middle of a run: the run goes on, and all of it stands there once it is shown', async () => {
  const thread = ask('wait for hidden')
  await harness.untilSaid(thread, /bash _until/)
  deny(VIEW_CHANNEL)
  writeFileSync(join(project.directory, 'hidden'), '')
  await until('the refusal', () => readFileSync(join(harness.dataDir, 'kimaki.log'), 'utf8').includes('"code":50001'))
  deny(0n)
  await harness.untilSaid(thread, 'Waited for hidden.')
  await harness.untilSaid(thread, FOOTER)
})

test('another application called Kimaki may nothing by its own role; let in by people, its talk with the agent ends after 20 messages', async () => {
  const other = harness.emulator.world.bot({ name: 'Kimaki' })
  harness.guild.addBot(other)
  const write = async (channelId: string, content: string): Promise<string> => {
    const response = await fetch(`${harness.emulator.apiUrl}/v10/channels/${channelId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bot ${other.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content }),
    })
    return ((await response.json()) as { readonly id: string }).id
  }
  await write(project.channelId, 'let me in #m30')
  harness.guild.setRoles(other.id, [harness.guild.role({ name: 'kimaki' }).id])
  const thread = await write(project.channelId, 'and now #m31')
  await harness.untilSaid(thread, 'Answer to #m31')
  for (let index = 0; index < 20; index += 1) await write(thread, `again and again #m${40 + index}`)
  await harness.untilSaid(thread, /^⬦ the last 20 messages in a row came from bots/)
  await harness.untilSaid(thread, 'Answer to #m58')
  ask('enough #m60', thread)
  await harness.untilSaid(thread, 'Answer to #m60')
  const asked = harness.model.log.flatMap(({ userTexts }) => userTexts).join()
  expect(asked).not.toMatch(/#m30|#m59/)
})

test('an agent that is chosen during a run stops nothing, answers from then on, and nothing is said twice', async () => {
  const thread = ask('wait for choice #m81')
  await harness.untilSaid(thread, /bash _until/)
  harness.owner.command(thread, 'agent', { agent: 'plan' })
  await harness.untilSaid(thread, 'It counts from the next step of the agent on')
  writeFileSync(join(project.directory, 'choice'), '')
  await harness.untilSaid(thread, 'Waited for choice.')
  await harness.untilSaid(thread, FOOTER)
  ask('and now #m82', thread)
  await harness.untilSaid(thread, 'Answer to #m82')
  await harness.untilFooters(thread, 2)
  expect(harness.said(thread).findLast((text) => FOOTER.test(text))).toContain('**plan**')
  harness.expectFaithful()
})

/** `/login` for the provider of the test plugin, and what its person does with the answer, which is renewed. */
function logIn() {
  const { emulator, owner } = harness
  const use = owner.command(project.channelId, 'login', { provider: 'test-house' })
  const id = (label?: string): string => {
    const rows = (use.response?.components ?? []).flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
    const found = rows.find((one) => ('label' in one ? one.label : undefined) === label)
    return found && 'custom_id' in found ? found.custom_id : 'none'
  }
  const at = (): string => use.response?.id ?? ''
  return {
    shown: (what: RegExp) =>
      emulator.world.until(`the answer ${what}`, () => what.test(use.response?.content ?? '') || undefined),
    press: (label: string) => owner.press(project.channelId, at(), id(label)),
    choose: (value: string) => owner.select(project.channelId, at(), id(), [value]),
    async enter(code: string) {
      const modal = owner.press(project.channelId, at(), id('Enter the code'))
      await emulator.world.until('the modal', () => modal.modal)
      owner.fill(modal, { 'field-0': code })
    },
  }
}

test('a person logs in by a plugin of the project, with a code and elsewhere, and out; nothing keeps the code', async () => {
  const { emulator, owner } = harness
  await emulator.world.until('/login', () => owner.commands(project.channelId).some(({ name }) => name === 'login') || undefined)
  const byCode = logIn()
  await byCode.shown(/How do you log in/)
  byCode.choose('0')
  await byCode.shown(/<https:\/\/house\.test\/code\?state=1>\nCopy the code/)
  await byCode.enter('wrong-c4nary-code')
  await byCode.shown(/did not take the code/)
  await byCode.enter('right-c4nary-code')
  await byCode.shown(/^✓ logged in at \*\*test-house\*\*\nIt counts/)

  const elsewhere = logIn()
  await elsewhere.shown(/logged in\nHow/)
  elsewhere.choose('1')
  await elsewhere.shown(/Which kind/)
  elsewhere.choose('0')
  await elsewhere.shown(/<https:\/\/cloud\/in>/)
  writeFileSync(join(project.directory, FINISHED), '')
  await elsewhere.shown(/^✓ logged in/)

  const out = logIn()
  await out.shown(/logged in\nHow/)
  out.press('Log out')
  await out.shown(/^⬦ log out/)
  out.press('Log out')
  await out.shown(/^✓ logged out/)
  const files = readdirSync(harness.dataDir).filter((name) => /^kimaki\.log|\.db/.test(name))
  const kept = files.map((name) => readFileSync(join(harness.dataDir, name), 'latin1')).join()
  const sent = emulator.journal.entries.filter((entry) => !('by' in entry) || entry.by === 'bot')
  expect(kept).toContain('login-enter')
  expect(kept + JSON.stringify(sent)).not.toContain('c4nary')
})

// Two threads show one session from here on: nobody counts what stands twice.
test('a session is undone and redone, and goes on in another thread, which shows it and has it from then on', async () => {
  const thread = ask('hello #m70')
  await harness.untilSaid(thread, FOOTER)
  const told = async (name: string, options = {}): Promise<string> => {
    const use = harness.owner.command(thread, name, options)
    return harness.emulator.world.until(`the answer to /${name}`, () => use.response?.content || undefined)
  }
  expect(await told('context-usage')).toMatch(/tokens/)
  expect(await told('undo')).toMatch(/^✓ undone: "hello #m70"/)
  expect(await told('redo')).toMatch(/^✓ back again: "hello #m70"/)
  const [session = ''] = /ses_\w+/.exec(await told('session-id')) ?? []
  const begun = await told('resume', { session })
  const [, resumed = ''] = /<#(\d+)>/.exec(begun) ?? []
  await harness.untilSaid(resumed, 'Answer to #m70')
  await harness.untilSaid(thread, `goes on in <#${resumed}>`)
  ask('and now #m71', resumed)
  await harness.untilSaid(resumed, 'Answer to #m71')
})
