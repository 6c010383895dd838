import { expect, test } from 'vitest'
import { ask, buildDesk, EPHEMERAL } from '../support/desk.ts'
import { text } from '../support/town.ts'

const hello = { name: 'hello', description: 'Says hello' }

test('an answer is a message of type 20 that names its interaction', async () => {
  const { alice, channel, bot, declare, respond, world } = await buildDesk()
  await declare(hello)
  const use = alice.command(channel.id, 'hello')
  expect(use.state).toBe('waiting')
  expect((await respond(use, { type: 4, data: { content: 'Hello @everyone' } })).status).toBe(204)
  expect(use.state).toBe('answered')
  expect(world.messages(channel.id)).toMatchObject([
    {
      type: 20,
      content: 'Hello @everyone',
      mention_everyone: false,
      application_id: bot.applicationId,
      webhook_id: bot.applicationId,
      interaction_metadata: { id: use.id, type: 2, user: { id: alice.id } },
    },
  ])
})

test('a second answer is refused with 40060, a late one with 10062', async () => {
  const { alice, channel, declare, respond, webhook, emulator } = await buildDesk()
  await declare(hello)
  const use = alice.command(channel.id, 'hello')
  expect(await webhook(use, 'POST', '', { content: 'early' })).toMatchObject({ status: 404, body: { code: 10015 } })
  await respond(use, { type: 4, data: { content: 'one' } })
  expect(await respond(use, { type: 4, data: { content: 'two' } })).toMatchObject({ status: 400, body: { code: 40060 } })
  const late = alice.command(channel.id, 'hello')
  emulator.clock.advance(3000)
  expect(await respond(late, { type: 4, data: { content: 'late' } })).toMatchObject({ status: 404, body: { code: 10062 } })
  expect(late.state).toBe('failed')
})

test('the token is good for 15 minutes', async () => {
  const { alice, channel, declare, respond, webhook, emulator } = await buildDesk()
  await declare(hello)
  const use = alice.command(channel.id, 'hello')
  await respond(use, { type: 5 })
  emulator.clock.advance(899_000)
  expect((await webhook(use, 'PATCH', '/messages/@original', { content: 'done' })).status).toBe(200)
  emulator.clock.advance(1000)
  const refused = await webhook(use, 'PATCH', '/messages/@original', { content: 'again' })
  expect(refused).toMatchObject({ status: 401, body: { code: 50027 } })
})

test('a deferred answer loads until it is edited, or until the first follow-up', async () => {
  const { alice, channel, declare, respond, webhook, world } = await buildDesk()
  await declare(hello)
  const edited = alice.command(channel.id, 'hello')
  await respond(edited, { type: 5 })
  expect(edited.state).toBe('thinking')
  await webhook(edited, 'PATCH', '/messages/@original', { content: 'done' })
  expect(edited).toMatchObject({ state: 'answered', response: { content: 'done', flags: 0 } })

  const followed = alice.command(channel.id, 'hello')
  await respond(followed, { type: 5, data: { flags: EPHEMERAL } })
  await webhook(followed, 'POST', '', { content: 'first' })
  expect(followed.response).toMatchObject({ content: 'first', flags: EPHEMERAL })
  const second = await webhook(followed, 'POST', '', { content: 'second' })
  expect(second.body.interaction_metadata?.original_response_message_id).toBe(followed.response?.id)
  expect(world.messages(channel.id).map(({ content }) => content)).toEqual(['done', 'second'])
})

test('an ephemeral answer is seen by its person alone and is in no history', async () => {
  const { alice, channel, guild, world, declare, respond, webhook, call } = await buildDesk()
  const bob = world.user('Bob')
  guild.join(bob)
  await declare(hello)
  const use = alice.command(channel.id, 'hello')
  await respond(use, { type: 4, data: { content: 'psst', flags: EPHEMERAL } })
  const id = use.response?.id ?? ''
  expect(alice.messages(channel.id)).toMatchObject([{ id, content: 'psst', flags: EPHEMERAL }])
  expect(bob.messages(channel.id)).toEqual([])
  expect(world.messages(channel.id)).toEqual([])
  expect(await call('GET', `/channels/${channel.id}/messages/${id}`)).toMatchObject({ status: 404, body: { code: 10008 } })
  expect((await webhook(use, 'GET', `/messages/${id}`)).body).toMatchObject({ content: 'psst' })
  expect((await webhook(use, 'DELETE', '/messages/@original')).status).toBe(204)
  expect(alice.messages(channel.id)).toEqual([])
  expect((await webhook(use, 'GET', '/messages/@original')).body).toMatchObject({ code: 10008 })
})

test('with_response answers with the message', async () => {
  const { alice, channel, declare, respond } = await buildDesk()
  await declare(hello)
  const use = alice.command(channel.id, 'hello')
  const answer = await respond(use, { type: 5 }, '?with_response=true')
  expect(answer).toMatchObject({
    status: 200,
    body: {
      interaction: { id: use.id, type: 2, response_message_loading: true, response_message_ephemeral: false },
      resource: { type: 4, message: { id: use.response?.id, flags: 128 } },
    },
  })
})

test('files go with answers and follow-ups', async () => {
  const { alice, channel, declare, received, call, bot } = await buildDesk()
  await declare(ask)
  const use = alice.command(channel.id, 'ask', { text: 'x' })
  const { token } = await received(use)
  const form = new FormData()
  form.set('payload_json', JSON.stringify({ type: 4, data: { attachments: [{ id: '0', description: 'log' }] } }))
  form.set('files[0]', new Blob(['line']), 'log.txt')
  expect((await call('POST', `/interactions/${use.id}/${text(token)}/callback`, form)).status).toBe(204)
  expect(use.response?.attachments).toMatchObject([{ filename: 'log.txt', description: 'log', size: 4 }])
  const more = new FormData()
  more.set('files[0]', new Blob(['more']), 'more.txt')
  const followed = await call('POST', `/webhooks/${bot.applicationId}/${text(token)}`, more)
  expect(followed.body.attachments?.[0]?.filename).toBe('more.txt')
})

test('an empty answer, a wrong type and a wrong token are refused', async () => {
  const { alice, channel, declare, respond, call, bot } = await buildDesk()
  await declare(hello)
  const use = alice.command(channel.id, 'hello')
  expect((await respond(use, { type: 4, data: {} })).body).toMatchObject({ code: 50006 })
  expect((await respond(use, { type: 7, data: { content: 'x' } })).body).toMatchObject({ code: 50035 })
  expect((await respond(use, {})).body).toMatchObject({ code: 50035, errors: { type: {} } })
  expect((await respond(use, { type: 4, data: { content: 'x'.repeat(2001) } })).body).toMatchObject({ code: 50035 })
  expect((await call('POST', `/interactions/${use.id}/nope/callback`, { type: 5 })).body).toMatchObject({ code: 10062 })
  expect(await call('POST', `/webhooks/${bot.applicationId}/nope`, { content: 'x' })).toMatchObject({ status: 401 })
})
