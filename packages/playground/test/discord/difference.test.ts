import { expect, it } from 'vitest'
import { difference } from '../../src/discord/difference.ts'
import { nextPicture } from '../../src/page/state/picture.ts'
import type { Picture } from '../../src/page/state/picture.ts'
import type { Hello, Message, Scene } from '../../src/wire.ts'

const ada = { id: '1', name: 'Ada', bot: false }
const hello: Hello = {
  guild: 'Playground',
  you: ada,
  bot: { id: '2', name: 'Kimaki', bot: true },
  examples: [],
  troubles: [],
  cast: [],
}
const judged = {
  verdict: { written: 0, answered: 0, atWork: 0, lost: 0, doubled: 0, misplaced: 0, kills: 0, findings: [] },
  lasting: [],
}
const channel = { id: '10', name: 'tea-timer', folder: '/tea-timer' }
const thread = { id: '20', channelId: '10', name: 'A thread', archived: false }

function scene(messages: readonly Message[], threads = [thread], commands: Scene['commands'] = []): Scene {
  return {
    channels: [channel],
    threads,
    commands,
    messages: Object.fromEntries(messages.map((message) => [message.id, message])),
  }
}

function message(id: string, content: string): Message {
  const plain = {
    kind: 'said',
    author: ada,
    at: 0,
    edited: false,
    onlyFor: undefined,
    thinking: false,
    usedBy: undefined,
    components: [],
    attachments: [],
    buttons: [],
    menu: undefined,
    reactions: [],
    replyTo: undefined,
  } as const
  return { ...plain, id, placeId: '20', content }
}

it.each([
  ['nothing', scene([message('1', 'a')]), scene([message('1', 'a')])],
  ['a message', scene([]), scene([message('1', 'a')])],
  ['an edit and a deletion', scene([message('1', 'a'), message('2', 'b')]), scene([message('2', 'c')])],
  ['a new name', scene([]), scene([], [{ ...thread, name: 'Renamed' }])],
  ['new commands', scene([]), scene([], [thread], [{ line: 'abort', description: 'd', options: [] }])],
  ['a thread and its first message', scene([], []), scene([message('1', 'a')])],
])('tells a page of %s, so that it shows the same', (_what, before, after) => {
  const bot = { kind: 'down', restarts: 0 } as const
  let picture: Picture | undefined = nextPicture(undefined, { kind: 'whole', hello, scene: before, bot, ...judged })
  for (const push of difference(before, after)) picture = nextPicture(picture, push)
  expect(picture?.scene).toEqual(after)
})

it('says nothing when nothing changed', () => {
  expect(difference(scene([message('1', 'a')]), scene([message('1', 'a')]))).toEqual([])
})
