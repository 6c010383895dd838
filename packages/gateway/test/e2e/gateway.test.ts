/** Emulator, gateway and two clients: installed, kept apart, resumed, refused. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { CLOSE } from 'kimaki-protocol'
import { expect, onTestFinished, test } from 'vitest'
import { StoreAway } from '../../src/base/errors.ts'
import { OFFLINE } from '../../src/events/offline.ts'
import type { Store } from '../../src/ports/store.ts'
import {
  connect,
  contentsOf,
  install,
  placeOf,
  register,
  rest,
  statusOf,
  textOf,
  untilConnected,
  visit,
} from '../support/client.ts'
import { house } from '../support/house.ts'

test('two machines are installed and hear and reach their own servers alone, until the bot is removed', async () => {
  const { origin, world, bot, ada, ben, workshop, library, general, desk, start } = await house()
  await start()
  const [first, second] = [await register(origin, 'laptop *of* Ada'), await register(origin, 'tower')]
  expect(first.installUrl).not.toContain(first.token.split(':')[1])
  expect(await statusOf(origin, first)).toMatchObject({ state: 'waiting' })
  const back = await install(first, ada, workshop.id, { callback: 'https://platform.example/done?x=1' })
  expect([back.status, back.location]).toEqual([302, `https://platform.example/done?x=1&guild_id=${workshop.id}`])
  expect((await install(second, ben, library.id)).status).toBe(200)
  expect(await statusOf(origin, first)).toMatchObject({ state: 'authorized', guild_id: workshop.id })
  await world.until('the server is told', () => world.transcript(general.id).includes(first.code) || undefined)
  expect(world.transcript(general.id)).toMatch(/connected the machine \*\*laptop \\\*of\\\* Ada\*\*/)

  const [line, other] = [await connect(origin, first.token), await connect(origin, second.token)]
  const ready = await line.event('READY')
  expect(ready.d).toMatchObject({
    guilds: [{ id: workshop.id }],
    user: { id: bot.id },
    resume_gateway_url: expect.stringContaining('ws://'),
  })
  expect((await line.event('GUILD_CREATE')).d).toMatchObject({
    id: workshop.id,
    channels: [expect.objectContaining({ id: general.id })],
  })
  await other.event('GUILD_CREATE')
  ada.send(general.id, 'for the workshop')
  ben.send(desk.id, 'for the library')
  await Promise.all([line.message('for the workshop'), other.message('for the library')])
  expect(
    [line, other].map((one) =>
      one.received.filter(({ t, d }) => t !== 'READY' && JSON.stringify(d).includes(one === line ? library.id : workshop.id)),
    ),
  ).toEqual([[], []])

  const post = { method: 'POST', body: JSON.stringify({ content: 'hello' }) }
  expect((await rest(origin, first.token, `/channels/${general.id}/messages`, post)).body).toMatchObject({ content: 'hello' })
  expect((await rest(origin, first.token, `/channels/${desk.id}/messages`, post)).status).toBe(403)
  expect((await rest(origin, first.token, `/guilds/${library.id}`)).body).toMatchObject({ code: 900004 })
  expect((await rest(origin, first.token, '/users/@me/guilds')).body).toMatchObject([{ id: workshop.id, name: 'Workshop' }])
  expect((await rest(origin, first.token, '/gateway/bot')).body).toMatchObject({ url: `${origin.replace('http', 'ws')}/gateway` })
  expect((await rest(origin, `${first.clientId}:${'0'.repeat(64)}`, '/users/@me')).status).toBe(401)

  line.send(3, { status: 'online' })
  line.send(8, { guild_id: library.id, query: '', limit: 1 })
  line.send(8, { guild_id: workshop.id, user_ids: [ada.id], nonce: 'mine' })
  expect((await line.event('GUILD_MEMBERS_CHUNK')).d).toMatchObject({ guild_id: workshop.id, nonce: 'mine' })

  workshop.leave(bot.id)
  expect((await line.event('GUILD_DELETE')).d).toMatchObject({ id: workshop.id })
  expect(await line.closed).toBe(CLOSE.guildsChanged)
  workshop.addBot(bot)
  ada.send(general.id, 'again')
  ben.send(desk.id, 'last')
  await other.message('last')
  expect((await rest(origin, first.token, `/channels/${general.id}`)).status).toBe(403)
})

test('a way back with a foreign guild, another browser, a second time or a refusal connects nobody, and the waiting machine is told why', async () => {
  const { origin, ada, ben, workshop, library, start } = await house()
  await start()
  const client = await register(origin, 'laptop')
  const foreign = (address: string) => address.replace(`guild_id=${workshop.id}`, `guild_id=${library.id}`)
  expect((await install(client, ada, workshop.id, { change: foreign })).status).toBe(400)
  expect(await statusOf(origin, client)).toMatchObject({ state: 'failed', message: expect.stringContaining('another server') })

  const begun = await visit(client.installUrl)
  const address = ada.consent(begun.location, workshop.id)
  expect((await visit(address, 'kimaki_journey=other')).status).toBe(400)
  expect((await visit(address, begun.cookie)).status).toBe(400)
  const again = await visit(client.installUrl)
  await visit(ada.decline(again.location), again.cookie)
  expect(await statusOf(origin, client)).toMatchObject({ state: 'failed', message: expect.stringContaining('cancelled') })
  expect((await visit(`${client.installUrl}&callbackUrl=http://evil.example`)).status).toBe(400)
  const line = await connect(origin, client.token)
  expect((await line.event('READY')).d['guilds']).toEqual([])

  expect((await install(client, ben, library.id)).status).toBe(200)
  expect((await line.event('GUILD_CREATE')).d['id']).toBe(library.id)
  expect((await visit(client.installUrl)).status).toBe(404)
  const anew = await register(origin, 'laptop', client)
  expect(await statusOf(origin, anew)).toMatchObject({ state: 'waiting' })
})

test('whoever manages the server sees its machines behind Discord’s log-in and disconnects one; nobody else does', async () => {
  const { origin, ada, ben, workshop, start } = await house()
  await start()
  const client = await register(origin, 'laptop')
  await install(client, ada, workshop.id)
  const line = await connect(origin, client.token)
  await line.event('GUILD_CREATE')
  const logIn = async (person: typeof ada) => {
    const begun = await visit(`${origin}/manage`)
    return (await visit(person.consent(begun.location), begun.cookie)).cookie
  }
  expect((await visit(`${origin}/manage`, await logIn(ben))).text).toContain('No machine is connected')
  const cookie = await logIn(ada)
  const { text } = await visit(`${origin}/manage`, cookie)
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
  const revoke = async (fields: Readonly<Record<string, string>>) => {
    const body = new URLSearchParams({ client: client.clientId, guild: workshop.id, ...fields })
    return (await fetch(`${origin}/manage/revoke`, { method: 'POST', body, headers: { cookie }, redirect: 'manual' })).status
  }
  expect(await revoke({ csrf: 'x' })).toBe(403)
  expect(await revoke({ csrf })).toBe(302)
  expect((await line.event('GUILD_DELETE')).d['id']).toBe(workshop.id)
  expect(await line.closed).toBe(CLOSE.guildsChanged)
  expect((await rest(origin, client.token, '/users/@me/guilds')).body).toEqual([])
})

test('a client resumes after it was away, is replaced by another of its kind, and is told of a gap; its offline machine is spoken for', async () => {
  const { origin, emulator, world, bot, ada, workshop, general, start } = await house()
  await start()
  const client = await register(origin, 'laptop')
  await install(client, ada, workshop.id)
  const first = await connect(origin, client.token)
  await first.event('GUILD_CREATE')
  const command = { method: 'POST', body: JSON.stringify({ name: 'ask', description: 'd' }) }
  expect(
    (await rest(origin, client.token, `/applications/${bot.applicationId}/guilds/${workshop.id}/commands`, command)).status,
  ).toBeLessThan(300)
  const used = ada.command(general.id, 'ask')
  const { d } = await first.event('INTERACTION_CREATE')
  const callback = { method: 'POST', body: JSON.stringify({ type: 4, data: { content: 'here' } }) }
  expect((await rest(origin, client.token, `/interactions/${used.id}/${textOf(d['token'])}/callback`, callback)).status).toBe(204)
  first.cut()
  ada.send(general.id, 'missed')
  await untilConnected(origin, 0)
  const late = ada.command(general.id, 'ask')
  expect(await world.until('an answer of the gateway', () => late.response?.content)).toBe(OFFLINE)
  const second = await connect(origin, client.token, placeOf([first]))
  await second.event('RESUMED')
  expect(contentsOf(second)).toContain('missed')
  expect(second.received.filter(({ t }) => t === 'INTERACTION_CREATE')).toEqual([])
  const third = await connect(origin, client.token)
  await third.event('READY')
  expect(await second.closed).toBe(CLOSE.replaced)

  emulator.gateway.expire(bot.id)
  emulator.gateway.cut(bot.id)
  expect((await third.next(({ op }) => op === 9)).d).toBe(false)
  const fourth = await connect(origin, client.token, placeOf([third]))
  expect((await fourth.next(({ op }) => op === 9)).d).toBe(false)
})

/** The process dies between Discord's word and the store: `commit` is not reached, or the weakened one was there with the sequence alone. */
const dying = (store: Store, sequenceFirst: boolean, died: () => void): Store => ({
  ...store,
  events: {
    ...store.events,
    commit(dispatches, position, isConnected) {
      if (!dispatches.some(({ data }) => data['content'] === 'crash'))
        return store.events.commit(dispatches, position, isConnected)
      if (sequenceFirst) store.events.commit([], position, isConnected)
      died()
      return new StoreAway({ reason: 'the process is gone' })
    },
  },
})

test.each([
  ['nothing is lost', false, ['crash', 'after']],
  ['red control: with the sequence stored before the event, it is lost', true, ['after']],
])('after a crash between hearing and storing %s', async (_what, sequenceFirst, heard) => {
  const { origin, ada, workshop, general, start } = await house()
  const death = Promise.withResolvers<void>()
  const before = await start((store) => dying(store, sequenceFirst, death.resolve))
  const client = await register(origin, 'laptop')
  await install(client, ada, workshop.id)
  const first = await connect(origin, client.token)
  await first.event('GUILD_CREATE')
  ada.send(general.id, 'crash')
  await death.promise
  await before.stop()
  await start()
  ada.send(general.id, 'after')
  const second = await connect(origin, client.token, placeOf([first]))
  await second.message('after')
  expect(contentsOf(second).filter((content) => ['crash', 'after'].includes(content))).toEqual(heard)
})

test('the process is killed and started again: each message is heard once, and health and metrics are told', async () => {
  const { origin, env, ada, workshop, general } = await house()
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const launch = async () => {
    const child = spawn(process.execPath, [main], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stderr, 'data')
    child.stderr.resume()
    return child
  }
  const child = await launch()
  const client = await register(origin, 'laptop')
  await install(client, ada, workshop.id)
  const first = await connect(origin, client.token)
  await first.event('GUILD_CREATE')
  ada.send(general.id, 'one')
  await first.message('one')
  child.kill('SIGKILL')
  await once(child, 'exit')
  ada.send(general.id, 'two')
  const next = await launch()
  const second = await connect(origin, client.token, placeOf([first]))
  ada.send(general.id, 'three')
  await second.message('three')
  expect(contentsOf(second).filter((content) => ['one', 'two', 'three'].includes(content))).toEqual(['two', 'three'])
  expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ ok: true, problems: [] })
  const metrics = await fetch(`${origin}/metrics`, { headers: { authorization: 'Bearer metrics' } })
  expect(await metrics.text()).toMatch(/gateway_clients_connected 1\n/)
  expect((await fetch(`${origin}/metrics`)).status).toBe(404)
  next.kill('SIGTERM')
  expect((await second.next(({ op }) => op === 7)).d).toBeNull()
  expect((await once(next, 'exit'))[0]).toBe(0)
})
