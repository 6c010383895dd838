import { startEmulator } from 'discord-emulator'
import { expect, it, onTestFinished } from 'vitest'
import { commandsOf } from '../../src/discord/commands.ts'
import { setStage } from '../../src/discord/people.ts'
import { readScene } from '../../src/discord/scene.ts'
import type { BotKeeper } from '../../src/machine/bot.ts'
import { createActions } from '../../src/web/actions.ts'
import { formOf } from '../../src/web/interaction.ts'

const keeper = { kill: () => undefined } as unknown as BotKeeper
const troubles = { cause: () => '' }

async function theatre() {
  const emulator = await startEmulator()
  onTestFinished(() => emulator.stop())
  const { world } = emulator
  const stage = setStage(world, 'tea-timer')
  const eyes = new Set([stage.you])
  const sources = {
    world,
    you: stage.you,
    eyes,
    channels: stage.channels,
    folders: new Map<string, string>(),
    commandLines: new Map(),
  }
  const read = () => readScene(sources)
  const { apiUrl } = emulator
  const actions = (you = stage.you) => {
    const cast = [{ kind: 'person', who: you, note: '', maySpeak: true } as const, ...stage.cast.slice(1)]
    return createActions({ ...sources, cast, bot: keeper, troubles, read, apiUrl })
  }
  return { emulator, ...stage, read, actions }
}

it.each([
  ['tea.png', 'image/png', 'picture'],
  ['tea.webp', 'image/webp', 'picture'],
  ['tea.svg', 'image/svg+xml', 'text'],
  ['log', 'text/plain; charset=utf-8', 'text'],
  ['change.diff', 'application/octet-stream', 'text'],
  ['tea.zip', 'application/zip', 'other'],
  ['page.pdf', 'application/pdf', 'other'],
])('shows the attachment %s (%s) as a %s, and opens its bytes', async (name, contentType, kind) => {
  const { you, projectChannel, read, actions } = await theatre()
  const data = Uint8Array.of(0, 137, 255)
  const { id } = you.send(projectChannel, '', { files: [{ name, contentType, data }] })
  const [file] = read().messages[id]?.attachments ?? []
  expect(file).toMatchObject({ name, size: 3, kind })
  expect(await actions().open(file?.id ?? '')).toEqual(data)
  expect(await actions().open('1')).toBeUndefined()
})

it('lists subcommands as lines of their own, and commands of messages not at all', () => {
  const text = { type: 3, name: 'item', description: 'What', required: true, choices: [{ name: 'A', value: 'a', extra: 1 }] }
  const add = { type: 1, name: 'add', description: 'Adds', options: [text] }
  const offered = [
    {
      type: 1,
      name: 'todo',
      description: '',
      options: [add, { type: 2, name: 'all', description: '', options: [{ ...add, options: [] }] }],
    },
    { type: 3, name: 'Quote', description: '' },
    { type: 1, name: 'brew', description: 'Tea', options: [{ type: 3, name: 'tea', description: 'Which', autocomplete: true }] },
  ] as unknown as Parameters<typeof commandsOf>[0]
  const plain = { kind: 'text', required: false, autocomplete: false, choices: [] }
  expect(commandsOf(offered)).toEqual([
    { line: 'brew', description: 'Tea', options: [{ ...plain, name: 'tea', description: 'Which', autocomplete: true }] },
    {
      line: 'todo add',
      description: 'Adds',
      options: [{ ...plain, name: 'item', description: 'What', required: true, choices: [{ name: 'A', value: 'a' }] }],
    },
    { line: 'todo all add', description: 'Adds', options: [] },
  ])
})

it('passes what is typed to the bot, and its proposals to the page', async () => {
  const { you, projectChannel, actions } = await theatre()
  const asked: unknown[] = []
  const interaction = {
    id: '9',
    state: 'answered',
    response: undefined,
    modal: undefined,
    choices: [{ name: 'Sencha', value: 's', more: 1 }],
  } as const
  const person = {
    ...you,
    autocomplete: (...all: unknown[]) => {
      asked.push(all)
      return interaction
    },
  }
  const body = { placeId: projectChannel, line: 'brew', options: { tea: 'se', cups: 2 }, focused: 'tea' }
  expect(await actions(person).propose(body)).toEqual({ choices: [{ name: 'Sencha', value: 's' }] })
  expect(asked).toEqual([[projectChannel, 'brew', { tea: 'se', cups: 2 }, 'tea']])
})

it.each([
  ['a command that is not there', { line: 'nothing', options: {} }, /Unknown/],
  ['options that are none', { line: 'nothing', options: { tea: null } }, /Wanted: name, type, data/],
  ['no command', {}, /Wanted: placeId, line/],
])('says what is wrong with %s', async (_what, body, error) => {
  const { projectChannel, actions } = await theatre()
  expect(await actions().command({ placeId: projectChannel, ...body })).toEqual({ error: expect.stringMatching(error) })
})

it('shows every field of a form with its bounds, and those it cannot draw not at all', () => {
  const label = (component: object) => ({ type: 18, label: 'Name', component })
  const modal = {
    custom_id: 'm',
    title: 'Log in',
    components: [
      label({ type: 4, custom_id: 'key', style: 1, max_length: 200 }),
      label({ type: 4, custom_id: 'note', style: 2, required: false, placeholder: 'Why', value: 'so' }),
      label({ type: 19, custom_id: 'files', min_values: 2, max_values: 3 }),
      label({ type: 6, custom_id: 'role' }),
      { type: 10, content: 'Only words' },
    ],
  }
  const words = { kind: 'words', placeholder: '', value: '' }
  expect(formOf({ modal } as unknown as Parameters<typeof formOf>[0])).toEqual({
    title: 'Log in',
    fields: [
      { id: 'key', label: 'Name', input: { ...words, isOneLine: true, atLeast: 1, atMost: 200 } },
      {
        id: 'note',
        label: 'Name',
        input: { ...words, placeholder: 'Why', value: 'so', isOneLine: false, atLeast: 0, atMost: 4000 },
      },
      { id: 'files', label: 'Name', input: { kind: 'files', atLeast: 2, atMost: 3 } },
    ],
  })
  expect(formOf({ modal: undefined } as unknown as Parameters<typeof formOf>[0])).toBeUndefined()
})
