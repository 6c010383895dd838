/** Two machines in one server: each has its channels and commands, and an interaction is answered once. */
import { ownerPath, readOwned, readOwnership } from 'kimaki-protocol'
import { expect, test } from 'vitest'
import { OFFLINE } from '../../src/events/offline.ts'
import { connect, install, register, rest, textOf, untilConnected } from '../support/client.ts'
import { house } from '../support/house.ts'

test('a second machine is refused a channel by name, hears no command there, and deletes no command of the first', async () => {
  const { origin, world, bot, ada, workshop, general, desk, start } = await house()
  await start()
  const [first, second] = [await register(origin, 'laptop'), await register(origin, 'tower')]
  await install(first, ada, workshop.id)
  await install(second, ada, workshop.id)
  const [line, other] = [await connect(origin, first.token), await connect(origin, second.token)]
  await Promise.all([line.event('GUILD_CREATE'), other.event('GUILD_CREATE')])

  const ask = async (method: string, token: string, channelId = general.id) => {
    const response = await fetch(origin + ownerPath(channelId), { method, headers: { authorization: `Bearer ${token}` } })
    return { status: response.status, body: (await response.json()) as unknown }
  }
  expect(readOwnership((await ask('GET', first.token)).body)).toMatchObject({ machine: null, is_own: false })
  expect(readOwnership((await ask('PUT', first.token)).body)).toMatchObject({ machine: 'laptop', is_own: true })
  expect((await ask('PUT', first.token)).status).toBe(200)
  const refused = await ask('PUT', second.token)
  expect(refused).toMatchObject({ status: 409, body: { message: expect.stringContaining('"laptop"') } })
  expect(readOwned(refused.body)).toEqual({ machine: 'laptop' })
  expect((await ask('DELETE', second.token)).status).toBe(409)
  expect((await ask('PUT', first.token, desk.id)).status).toBe(403)
  expect((await ask('PUT', `${first.clientId}:${'0'.repeat(64)}`)).status).toBe(401)

  const commands = `/applications/${bot.applicationId}/guilds/${workshop.id}/commands`
  const post = (name: string) => ({ method: 'POST', body: JSON.stringify({ name, description: 'd' }) })
  const { body: made } = await rest(origin, first.token, commands, post('ask'))
  expect((await rest(origin, second.token, commands, post('ask'))).status).toBe(200)
  const one = `${commands}/${textOf(made['id'])}`
  expect((await rest(origin, second.token, one, { method: 'DELETE' })).body).toMatchObject({ code: 900010 })
  expect((await rest(origin, second.token, one, { method: 'PATCH', body: '{"name":"mine"}' })).status).toBe(403)
  expect((await rest(origin, second.token, one, { method: 'PATCH', body: '{"description":"newer"}' })).status).toBe(200)
  expect((await rest(origin, second.token, commands, { method: 'PUT', body: '[]' })).status).toBe(403)

  const used = ada.command(general.id, 'ask')
  const { d } = await line.event('INTERACTION_CREATE')
  const answer = { method: 'POST', body: JSON.stringify({ type: 4, data: { content: 'here' } }) }
  const callback = `/interactions/${used.id}/${textOf(d['token'])}/callback`
  expect((await rest(origin, second.token, callback, answer)).body).toMatchObject({ code: 900005 })
  expect((await rest(origin, first.token, callback, answer)).status).toBe(204)
  ada.send(general.id, 'for both')
  await Promise.all([line.message('for both'), other.message('for both')])
  expect(other.received.filter(({ t }) => t === 'INTERACTION_CREATE')).toEqual([])

  line.cut()
  await untilConnected(origin, 1)
  const late = ada.command(general.id, 'ask')
  expect(await world.until('the gateway speaks for the owner', () => late.response?.content)).toBe(OFFLINE)
  expect((await rest(origin, first.token, one, { method: 'DELETE' })).status).toBe(204)
})
