/** `kimaki clean`: what is idle or old is told of, and cleaned up only where it still is when the time has come. */
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { clean, IDLE_DAYS, OLD_DAYS, type CleanDeps } from '../../../src/app/upkeep/clean.ts'
import { ChatForbidden } from '../../../src/base/errors.ts'
import { snowflakeAt } from '../../../src/base/ids.ts'
import { beginConversation } from '../../../src/domain/conversation/state.ts'
import type { StorePort } from '../../../src/ports/store.ts'
import { asking, newFile, open, rows } from '../../store/support.ts'
import { CHANNEL, GUILD, message } from '../../support/conversation.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2026-06-01T00:00:00Z')
const place = { guildId: GUILD, channelId: CHANNEL, directory: '/p', inThread: true }

/** A thread in which somebody wrote so many days ago; `isOpen`: what was written was not taken yet. */
async function thread(store: StorePort, daysAgo: number, isOpen = false): Promise<string> {
  const at = NOW - daysAgo * DAY_MS
  const id = snowflakeAt(at)
  const written = { ...message('water the roses'), id }
  const [row] = (await store.commit({ accept: [asking(written, { ...place, id }, at)] })) as readonly { readonly order: number }[]
  const state = beginConversation({ ...place, id, install: store.installId, verbosity: 'text_only' })
  await store.commit({ conversation: rows(state), done: row && !isOpen ? [row.order] : [] })
  return id
}

function around(store: StorePort, active: readonly string[]) {
  const archived: string[] = []
  const files = { files: 2, bytes: 3000 }
  const deps: CleanDeps = {
    store,
    files: {
      old: async () => ({ ...files }),
      deleteOld: async () => void Object.assign(files, { files: 0, bytes: 0 }),
    },
    channels: {
      activeThreads: async () => active.map((id) => ({ id, newestId: id })),
      archive: async (id) => {
        archived.push(id)
        return 'archived'
      },
    },
  }
  return { deps, archived }
}

test('a dry run tells what is idle and old, and changes nothing', async () => {
  const store = open()
  const idle = await thread(store, IDLE_DAYS + 1)
  const isArchived = await thread(store, IDLE_DAYS + 2)
  const inUse = await thread(store, IDLE_DAYS - 1)
  const waits = await thread(store, OLD_DAYS + 2, true)
  const old = await thread(store, OLD_DAYS + 1)
  const { deps, archived } = around(store, [idle, inUse, waits, old])
  const found = { isApplied: false, threads: [idle, old], bodies: 1, attachments: { files: 2, bytes: 3000 }, troubles: [] }
  expect(await clean(deps, { now: NOW, apply: false })).toEqual(found)
  expect(await clean(deps, { now: NOW, apply: false })).toEqual(found)
  expect([archived, isArchived === idle]).toEqual([[], false])
})

test('carried out, words are gone and keys stay: the same message is still known, and other readers pass over the row', async () => {
  const file = newFile()
  const store = open(file)
  const old = await thread(store, OLD_DAYS + 1)
  const young = await thread(store, 1)
  const { deps, archived } = around(store, [old, young])
  expect(await clean(deps, { now: NOW, apply: true })).toMatchObject({ threads: [old], bodies: 1, attachments: { files: 2 } })
  expect(archived).toEqual([old])
  const bodies = new DatabaseSync(file, { readOnly: true }).prepare(`SELECT key, body FROM inbox ORDER BY seq`).all()
  expect(bodies.map(({ key, body }) => [key, String(body).includes('roses')])).toEqual([
    [`discord:${old}`, false],
    [`discord:${young}`, true],
  ])
  const again = { ...message('water the roses'), id: old }
  expect(await store.commit({ accept: [asking(again, { ...place, id: old }, NOW)] })).toEqual([])
  expect((await store.saidIn(CHANNEL)).length).toBeLessThanOrEqual(1)
  expect((await store.threadsOf(CHANNEL)).map(({ threadId }) => threadId)).toEqual([young])
  expect((await store.load(old)).state?.thread).toEqual({ kind: 'open', id: old })
  expect(await clean(deps, { now: NOW, apply: true })).toMatchObject({ bodies: 0, attachments: { files: 0 } })
})

test('somebody who writes after the list was made keeps the thread', async () => {
  const store = open()
  const idle = await thread(store, IDLE_DAYS + 1)
  const { deps, archived } = around(store, [idle])
  const { channels } = deps
  const late: CleanDeps = {
    ...deps,
    channels: channels && {
      ...channels,
      async activeThreads() {
        const written = { ...message('still here'), id: snowflakeAt(NOW - 1) }
        await store.commit({ accept: [asking(written, { ...place, id: idle }, NOW - 1)] })
        return channels.activeThreads(GUILD)
      },
    },
  }
  expect(await clean(late, { now: NOW, apply: true })).toMatchObject({ threads: [] })
  expect(archived).toEqual([])
})

test('what Discord refuses is told, and the rest is done', async () => {
  const store = open()
  const [one, other] = [await thread(store, IDLE_DAYS + 2), await thread(store, IDLE_DAYS + 1)]
  const { deps } = around(store, [one, other])
  const refusing: CleanDeps = {
    ...deps,
    channels: deps.channels && {
      ...deps.channels,
      archive: async (id) => (id === one ? new ChatForbidden({ code: 50_013, reason: 'Missing Permissions' }) : 'archived'),
    },
  }
  expect(await clean(refusing, { now: NOW, apply: true })).toMatchObject({
    threads: [other],
    troubles: [`Thread ${one} was not archived: Discord refused (Missing Permissions).`],
  })
  expect(await clean({ ...deps, channels: undefined }, { now: NOW, apply: true })).toMatchObject({
    threads: [],
    troubles: [expect.stringContaining('no bot token') as string],
  })
})
