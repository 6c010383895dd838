/** Downloads of attachments. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IncomingAttachment } from '../../src/domain/message/incoming.ts'
import { openWorld, value, type Chat, type World } from './world.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = await openWorld()
  chat = world.chat()
  await chat.start()
})

afterEach(() => world.stop())

async function attach(data: string): Promise<{ id: string; attachment: IncomingAttachment }> {
  world.owner.send(world.channelId, 'file', { files: [{ name: 'a.txt', contentType: 'text/plain', data }] })
  const message = await chat.until('the message', () => chat.messages()[0])
  const [attachment] = message.attachments
  if (!attachment) throw new Error('no attachment')
  return { id: message.id, attachment }
}

describe('a download', () => {
  test('brings the bytes', async () => {
    const { id, attachment } = await attach('héllo')
    const bytes = value(await chat.port.download(world.channelId, id, attachment, 100))
    expect(Buffer.from(bytes).toString()).toBe('héllo')
  })

  test('of more than the limit is refused, announced or not', async () => {
    const { id, attachment } = await attach('x'.repeat(2000))
    const refused = { name: 'ChatRefused', code: 40_005 }
    expect(await chat.port.download(world.channelId, id, attachment, 1999)).toMatchObject(refused)
    expect(await chat.port.download(world.channelId, id, { ...attachment, size: 10 }, 1999)).toMatchObject(refused)
  })

  test('with an address that expired asks for a fresh one', async () => {
    const { id, attachment } = await attach('hello')
    const expired = new URL(attachment.url)
    for (const key of expired.searchParams.keys()) expired.searchParams.set(key, '1')
    const bytes = value(await chat.port.download(world.channelId, id, { ...attachment, url: expired.href }, 100))
    expect(Buffer.from(bytes).toString()).toBe('hello')
  })

  test('of a message that is gone says so', async () => {
    const { id, attachment } = await attach('hello')
    world.owner.delete(world.channelId, id)
    const url = attachment.url.replace(/\?.*/, '?ex=1&is=1&hm=1')
    expect(await chat.port.download(world.channelId, id, { ...attachment, url }, 100)).toMatchObject({
      name: 'ChatGone',
    })
  })
})

describe('another host', () => {
  let elsewhere: Server
  let asked: string[]

  beforeEach(async () => {
    asked = []
    elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '')
      if (request.url === '/redirect') response.writeHead(302, { location: '/secret' })
      response.end('secret')
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  })

  afterEach(() => {
    elsewhere.close()
    elsewhere.closeAllConnections()
  })

  const origin = () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`

  test.each([
    '',
    'file:///etc/passwd',
    'http://cdn.discordapp.com/a',
    'https://cdn.discordapp.com.evil.example/a',
    'https://cdn.discordapp.com:444/a',
  ])('is never asked: %j', async (url) => {
    const attachment = { id: '1', name: 'a.txt', contentType: 'text/plain', size: 1, url: url || `${origin()}/file` }
    expect(await chat.port.download(world.channelId, '1', attachment, 100)).toMatchObject({
      name: 'ChatRefused',
    })
    expect(asked).toEqual([])
  })

  test('is asked when it was allowed, but no redirect is followed', async () => {
    const other = world.chat({ options: { cdnOrigins: [origin()] } })
    const attachment = { id: '1', name: 'a.txt', contentType: 'text/plain', size: 1, url: `${origin()}/redirect` }
    expect(await other.port.download(world.channelId, '1', attachment, 100)).toMatchObject({
      name: 'ChatRefused',
    })
    expect(asked).toEqual(['/redirect'])
  })
})
