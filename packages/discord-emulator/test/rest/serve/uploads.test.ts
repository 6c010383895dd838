import { expect, test } from 'vitest'
import { buildTown } from '../../support/town.ts'

const DAY = 86_400_000

test('files arrive with names, sizes and types, and can be fetched from their addresses', async () => {
  const { api, world, channel } = await buildTown()
  const sent = await api.channels.createMessage(channel.id, {
    content: 'two files',
    attachments: [{ id: '0', description: 'the log' }],
    files: [
      { name: 'my log.txt', data: 'line', contentType: 'text/plain' },
      { name: 'dot.png', data: Buffer.from([1, 2, 3]), contentType: 'image/png' },
    ],
  })
  const [log, dot] = sent.attachments
  expect(log).toMatchObject({ filename: 'my_log.txt', title: 'my log', size: 4, description: 'the log' })
  expect(log?.content_type).toBe('text/plain; charset=utf-8')
  expect(dot).toMatchObject({ filename: 'dot.png', size: 3, content_type: 'image/png' })
  const fetched = await fetch(dot?.url ?? '')
  expect(fetched.headers.get('content-type')).toBe('image/png')
  expect([...new Uint8Array(await fetched.arrayBuffer())]).toEqual([1, 2, 3])
  expect(world.messages(channel.id)[0]?.attachments).toHaveLength(2)
})

test('an enforced nonce works with files too', async () => {
  const { api, channel } = await buildTown()
  const body = { content: '', nonce: 'f1', enforce_nonce: true, files: [{ name: 'a.txt', data: 'a' }] }
  const first = await api.channels.createMessage(channel.id, body)
  expect((await api.channels.createMessage(channel.id, body)).id).toBe(first.id)
})

test('an address expires, and a new look at the message gives a fresh one', async () => {
  let clock = Date.now()
  const { alice, api, channel } = await buildTown({ now: () => clock })
  const sent = alice.send(channel.id, '', { files: [{ name: 'a.txt', data: 'secret' }] })
  const address = sent.attachments[0]?.url ?? ''
  expect((await fetch(address)).status).toBe(200)
  clock += DAY - 2000
  expect((await fetch(address)).status).toBe(200)
  clock += 3000
  expect((await fetch(address)).status).toBe(404)
  const again = await api.channels.getMessage(channel.id, sent.id)
  expect(await (await fetch(again.attachments[0]?.url ?? '')).text()).toBe('secret')
})

test('an address that was tampered with is not found', async () => {
  const { alice, channel } = await buildTown()
  const { url = '' } = alice.send(channel.id, '', { files: [{ name: 'a.txt', data: 'x' }] }).attachments[0] ?? {}
  const later = url.replace(/ex=\w+/, 'ex=7fffffff')
  const statuses = await Promise.all([later, url.split('?')[0] ?? '', url.replace('a.txt', 'b.txt')].map((one) => fetch(one)))
  expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404])
})

test('texts of attachments stand in the journal', async () => {
  const { emulator, alice, channel } = await buildTown()
  alice.send(channel.id, 'see', {
    files: [
      { name: 'a.md', data: '# Title' },
      { name: 'b.png', data: 'not text' },
    ],
  })
  const entry = emulator.journal.entries.find(({ kind }) => kind === 'message')
  expect(entry).toMatchObject({ attachedTexts: ['# Title'] })
})

test('an edit keeps the attachments it names and adds files', async () => {
  const { api, channel } = await buildTown()
  const files = ['a', 'b'].map((name) => ({ name: `${name}.txt`, data: name }))
  const sent = await api.channels.createMessage(channel.id, { content: 'x', files })
  const kept = sent.attachments[1]?.id ?? ''
  const edited = await api.channels.editMessage(channel.id, sent.id, {
    attachments: [{ id: kept }, { id: '0', filename: 'c.txt' }],
    files: [{ name: 'c.txt', data: 'c', key: 'files[0]' }],
  })
  expect(edited.attachments.map(({ filename }) => filename)).toEqual(['b.txt', 'c.txt'])
})

test('ten files are the most, ten megabytes the largest', async () => {
  const { call, channel } = await buildTown()
  const form = (files: readonly string[]) => {
    const data = new FormData()
    data.set('payload_json', '{}')
    files.forEach((text, index) => data.set(`files[${index}]`, new Blob([text]), `${index}.txt`))
    return data
  }
  const path = `/channels/${channel.id}/messages`
  expect((await call('POST', path, form(Array.from({ length: 10 }, () => 'x')))).status).toBe(200)
  const eleven = await call('POST', path, form(Array.from({ length: 11 }, () => 'x')))
  expect(eleven).toMatchObject({ status: 400, body: { code: 30015 } })
  const large = await call('POST', path, form(['x'.repeat(10 * 1024 * 1024 + 1)]))
  expect(large).toMatchObject({ status: 413, body: { code: 40005 } })
  const request = await call('POST', path, form(Array.from({ length: 3 }, () => 'x'.repeat(9 * 1024 * 1024))))
  expect(request).toMatchObject({ status: 413, body: { code: 40005 } })
})
