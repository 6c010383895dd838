import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonStyle,
  ChannelType,
  ComponentType as C,
  MessageFlags,
  OverwriteType,
  TextInputStyle,
  ThreadAutoArchiveDuration,
} from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { conformance } from '../src/conformance.ts'
import { WITHOUT_SCHEMA } from '../src/conformance/exceptions.ts'
import { SCHEMAS } from '../src/conformance/table.ts'
import type { Exchange } from '../src/index.ts'
import { ALL_PERMISSIONS } from '../src/rules/permissions.ts'
import { ROUTES } from '../src/rest/routes.ts'
import { identified } from './support/gateway.ts'
import { buildTown, text, type Town } from './support/town.ts'

test('every route, used by the real client, keeps to Discord’s own description', async () => {
  const check = conformance()
  const hits = new Set<string>()
  const onExchange = (exchange: Exchange) => {
    check.onExchange(exchange)
    hits.add(`${exchange.method} ${exchange.route}`)
  }
  const town = await buildTown(
    { rateLimits: false, onExchange },
    { guildMembersIntent: true, redirectUris: ['http://127.0.0.1:9/back'] },
    ALL_PERMISSIONS,
  )
  await useMessages(town)
  await useThreads(town)
  await useGuilds(town)
  await useInteractions(town)
  await useModeration(town)
  await useOauth(town)
  await meetRefusals(town)
  expect(check.report()).toEqual({
    violations: [],
    unchecked: Object.entries(WITHOUT_SCHEMA).map(([route, reason]) => ({ route, reason })),
    withoutSchema: [],
  })
  const routes = ROUTES.map(({ method, template }) => `${method} ${template}`)
  expect([...hits].sort()).toEqual(routes.sort())
})

test('every route has a schema or a reason, and there is none for nothing', () => {
  const routes = ROUTES.map(({ method, template }) => `${method} ${template}`)
  expect([...Object.keys(SCHEMAS), ...Object.keys(WITHOUT_SCHEMA)].sort()).toEqual(routes.sort())
})

const good: Exchange = {
  method: 'POST',
  route: '/channels/:channel/threads',
  path: '/api/v10/channels/1/threads',
  status: 400,
  requestBody: {},
  responseBody: { code: 50035, message: 'Invalid Form Body' },
  fault: undefined,
}

test.each([
  ['an answer that lacks fields', { ...good, status: 201, requestBody: { name: 'x' }, responseBody: { id: '1' } }, 'answer 201'],
  ['a request that breaks a limit', { ...good, status: 201, requestBody: { name: 'x'.repeat(101) } }, 'request: name'],
  ['a wrong status', { ...good, status: 200, requestBody: { name: 'x' } }, 'status 200 instead of 201'],
  ['a refusal without a code', { ...good, responseBody: { message: 'no' } }, 'answer 400: code'],
  ...(
    [
      ['PATCH', '/guilds/:guild/members/@me', { nick: 'x'.repeat(33) }, 'nick'],
      ['PATCH', '/guilds/:guild/members/:user', { roles: ['1', '1'] }, 'roles: Items are not unique'],
      ['PUT', '/channels/:channel/permissions/:overwrite', { type: 2 }, 'type'],
      ['POST', '/channels/:channel/messages/bulk-delete', { messages: ['1'] }, 'messages'],
    ] as const
  ).map(([method, route, requestBody, field]): [string, Exchange, string] => [
    `a body of ${method} ${route} that breaks a limit`,
    { ...good, method, route, status: 204, requestBody, responseBody: undefined },
    `request: ${field}`,
  ]),
  [
    'a body where there is none',
    { ...good, route: '/channels/:channel/typing', status: 204 },
    'a body where there should be none',
  ],
])('%s is a violation', (_what, exchange, named) => {
  const check = conformance()
  check.onExchange(exchange)
  expect(check.report().violations.join('\n')).toContain(named)
})

test('a route without a schema and a path that is none are named', () => {
  const check = conformance()
  check.onExchange({ ...good, route: '/new/:thing' })
  check.onExchange({ ...good, route: undefined, path: '/api/v10/nowhere?x=1' })
  const named = ['POST /api/v10/nowhere (not a route of the emulator)', 'POST /new/:thing']
  expect(check.report()).toEqual({ violations: [], unchecked: [], withoutSchema: named })
})

async function useMessages({ api, alice, channel, call, bot }: Town) {
  const { channels } = api
  const question = alice.send(channel.id, `<@${bot.id}> look`, { files: [{ name: 'a b.txt', data: 'x' }] })
  await fetch(question.attachments[0]?.url ?? '')
  const sent = await channels.createMessage(channel.id, {
    content: 'answer',
    nonce: 'n1',
    enforce_nonce: true,
    message_reference: { message_id: question.id },
    allowed_mentions: { parse: [], replied_user: true },
    embeds: [{ title: 't', url: 'https://example.com/', fields: [{ name: 'n', value: 'v' }], footer: { text: 'f' } }],
    components: [
      {
        type: C.ActionRow,
        components: [{ type: C.Button, style: ButtonStyle.Primary, label: 'Go', custom_id: 'go', emoji: { name: '👍' } }],
      },
      { type: C.ActionRow, components: [{ type: C.StringSelect, custom_id: 'pick', options: [{ label: 'a', value: 'a' }] }] },
      { type: C.ActionRow, components: [{ type: C.UserSelect, custom_id: 'who' }] },
    ],
    files: [{ name: 'log.txt', data: 'line' }],
  })
  const accessory = { type: C.Thumbnail, media: { url: 'https://example.com/a.png' } } as const
  const media = [{ media: { url: 'https://example.com/a.png' } }]
  await channels.createMessage(channel.id, {
    flags: MessageFlags.IsComponentsV2,
    components: [
      { type: C.Container, components: [{ type: C.TextDisplay, content: 'text' }, { type: C.Separator }] },
      { type: C.Section, components: [{ type: C.TextDisplay, content: 'text' }], accessory },
      { type: C.MediaGallery, items: media },
      { type: C.File, file: { url: 'attachment://log.txt' } },
    ],
    files: [{ name: 'log.txt', data: 'line' }],
  })
  await channels.editMessage(channel.id, sent.id, { content: 'better', embeds: [], components: [] })
  await channels.getMessages(channel.id, { limit: 100 })
  await channels.addMessageReaction(channel.id, sent.id, '👍')
  alice.react(channel.id, sent.id, '👍')
  await channels.getMessage(channel.id, sent.id)
  await channels.getMessageReactions(channel.id, sent.id, '👍')
  await channels.deleteOwnMessageReaction(channel.id, sent.id, '👍')
  await channels.deleteUserMessageReaction(channel.id, sent.id, '👍', alice.id)
  await channels.deleteAllMessageReactionsForEmoji(channel.id, sent.id, '👍')
  await channels.deleteAllMessageReactions(channel.id, sent.id)
  await channels.showTyping(channel.id)
  await channels.deleteMessage(channel.id, sent.id)
  await call('GET', '/oauth2/applications/@me')
}

async function useThreads({ api, alice, channel, guild, world, call }: Town) {
  const bob = world.user('Bob')
  guild.join(bob)
  const message = alice.send(channel.id, 'task')
  const thread = await api.channels.createThread(
    channel.id,
    { name: 'Task', auto_archive_duration: ThreadAutoArchiveDuration.OneHour },
    message.id,
  )
  const secret = await api.channels.createThread(channel.id, {
    name: 'Secret',
    type: ChannelType.PrivateThread,
    invitable: false,
  })
  await api.threads.join(thread.id)
  await api.threads.addMember(thread.id, bob.id)
  await api.threads.getMember(thread.id, bob.id)
  await api.threads.getAllMembers(thread.id)
  await api.threads.removeMember(thread.id, bob.id)
  await api.channels.getMessages(thread.id)
  await api.channels.getMessages(channel.id)
  await api.channels.get(thread.id)
  await api.channels.edit(thread.id, { name: 'Renamed', archived: true })
  await api.channels.edit(secret.id, { archived: true, locked: true })
  await api.channels.getArchivedThreads(channel.id, 'public')
  await api.channels.getArchivedThreads(channel.id, 'private')
  await api.channels.edit(thread.id, { archived: false })
  await api.guilds.getActiveThreads(guild.id)
  await api.threads.leave(thread.id)
  await call('DELETE', `/channels/${secret.id}`)
}

async function useGuilds({ api, alice, guild, bot, call }: Town) {
  await call('GET', '/gateway')
  await call('GET', '/gateway/bot')
  await api.users.getCurrent()
  await api.users.getGuilds()
  await api.users.get(alice.id)
  await call('GET', '/applications/@me')
  await api.guilds.get(guild.id, { with_counts: true })
  await api.guilds.getRoles(guild.id)
  await api.guilds.getMembers(guild.id, { limit: 10 })
  await api.guilds.getMember(guild.id, bot.id)
  const overwrite = { id: guild.id, type: OverwriteType.Role, deny: '1024' } as const
  const made = await api.guilds.createChannel(guild.id, {
    name: 'made',
    permission_overwrites: [overwrite, { id: bot.id, type: OverwriteType.Member, allow: '1024' }],
  })
  await api.guilds.createChannel(guild.id, { name: 'Folder', type: ChannelType.GuildCategory })
  await api.guilds.getChannels(guild.id)
  await api.channels.edit(made.id, { topic: 'new' })
  await api.channels.delete(made.id)
  const options = [
    {
      type: ApplicationCommandOptionType.String as const,
      name: 'text',
      description: 'd',
      required: true,
      choices: [{ name: 'a', value: 'a' }],
    },
  ]
  const commands = [
    { name: 'ask', description: 'd', options },
    { name: 'Look', type: ApplicationCommandType.Message as const },
  ]
  await api.applicationCommands.bulkOverwriteGlobalCommands(bot.applicationId, commands)
  await api.applicationCommands.bulkOverwriteGuildCommands(bot.applicationId, guild.id, commands)
  await api.applicationCommands.getGlobalCommands(bot.applicationId)
  await api.applicationCommands.getGuildCommands(bot.applicationId, guild.id)
}

async function useInteractions({ api, alice, channel, guild, bot, call, emulator, world }: Town) {
  const { client } = await identified(emulator, bot)
  const { applicationId } = bot
  const { applicationCommands: commands, interactions } = api
  const menu = { name: 'menu', description: 'd' }
  const global = await commands.createGlobalCommand(applicationId, { ...menu, name: 'global' })
  await commands.getGlobalCommand(applicationId, global.id)
  await commands.editGlobalCommand(applicationId, global.id, { description: 'e' })
  await commands.deleteGlobalCommand(applicationId, global.id)
  const made = await commands.createGuildCommand(applicationId, guild.id, menu)
  await commands.getGuildCommand(applicationId, guild.id, made.id)
  await commands.editGuildCommand(applicationId, guild.id, made.id, { description: 'e' })
  const tokenOf = async ({ id }: { readonly id: string }) => {
    const { d } = await client.next(({ t, d }) => t === 'INTERACTION_CREATE' && text(d.id) === id)
    return text(d.token)
  }
  const use = alice.command(channel.id, 'menu')
  const token = await tokenOf(use)
  const go = { type: C.Button, style: ButtonStyle.Primary, label: 'Go', custom_id: 'go' } as const
  const components = [{ type: C.ActionRow as const, components: [go] }]
  await interactions.reply(use.id, token, { content: 'hello', components, with_response: true })
  await interactions.getOriginalReply(applicationId, token)
  await interactions.editReply(applicationId, token, { content: 'better' })
  const followed = await interactions.followUp(applicationId, token, { content: 'more', flags: MessageFlags.Ephemeral })
  await call('GET', `/webhooks/${applicationId}/${token}/messages/${followed.id}`)
  await interactions.editReply(applicationId, token, { content: 'edited' }, followed.id)
  await interactions.deleteReply(applicationId, token, followed.id)
  const press = alice.press(channel.id, use.response?.id ?? '', 'go')
  await interactions.createModal(press.id, await tokenOf(press), {
    custom_id: 'm',
    title: 'Modal',
    components: [{ type: C.Label, label: 'Text', component: { type: C.TextInput, custom_id: 't', style: TextInputStyle.Short } }],
  })
  const sent = alice.fill(press, { t: 'x' })
  await interactions.updateMessage(sent.id, await tokenOf(sent), { content: 'updated' })
  await interactions.deleteReply(applicationId, token)
  await commands.deleteGuildCommand(applicationId, guild.id, made.id)
  expect(world.messages(channel.id).at(-1)?.interaction_metadata).toBeUndefined()
}

async function useModeration({ api, alice, channel, guild, bot, call, world }: Town) {
  const bob = world.user('Bert')
  guild.join(bob)
  const role = await api.guilds.createRole(guild.id, { name: 'crew', permissions: '1024' })
  await api.guilds.getRole(guild.id, role.id)
  await api.guilds.editRole(guild.id, role.id, { color: 5 })
  await api.guilds.addRoleToMember(guild.id, bob.id, role.id)
  await api.guilds.removeRoleFromMember(guild.id, bob.id, role.id)
  await api.guilds.deleteRole(guild.id, role.id)
  await call('GET', `/guilds/${guild.id}/members/search?query=a&limit=5`)
  await call('PATCH', `/guilds/${guild.id}/members/@me`, { nick: 'Helper' })
  await api.guilds.editMember(guild.id, bob.id, { nick: 'Bertie' })
  await api.guilds.removeMember(guild.id, bob.id)
  await api.channels.editPermissionOverwrite(channel.id, alice.id, { type: OverwriteType.Member, allow: '1024' })
  await api.channels.deletePermissionOverwrite(channel.id, alice.id)
  const { id } = await api.users.createDM(alice.id)
  await call('POST', `/channels/${id}/messages`, { content: 'hi' })
  await call('GET', `/channels/${id}`)
  const [one, two] = [alice.send(channel.id, 'one'), alice.send(channel.id, 'two')]
  for (const pins of ['messages/pins', 'pins']) {
    await call('PUT', `/channels/${channel.id}/${pins}/${one.id}`)
    await call('GET', `/channels/${channel.id}/${pins}`)
    await call('DELETE', `/channels/${channel.id}/${pins}/${one.id}`)
  }
  await api.channels.bulkDeleteMessages(channel.id, [one.id, two.id])
  await call('GET', `/channels/${channel.id}/users/@me/threads/archived/private`)
  expect(guild.id).not.toBe(bot.id)
}

async function useOauth({ emulator, alice, guild, bot }: Town) {
  const redirect = 'http://127.0.0.1:9/back'
  const query = { client_id: bot.applicationId, response_type: 'code', redirect_uri: redirect, scope: 'identify guilds bot' }
  const address = `${emulator.origin}/oauth2/authorize?${new URLSearchParams(query)}`
  await fetch(address)
  const body = new URLSearchParams({ user: alice.id, guild: guild.id, answer: 'authorize' })
  const sent = await fetch(address, { method: 'POST', body, redirect: 'manual' })
  const code = new URL(sent.headers.get('location') ?? '').searchParams.get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirect }
  const authorization = `Basic ${Buffer.from(`${bot.applicationId}:${bot.clientSecret}`).toString('base64')}`
  const init = { method: 'POST', body: new URLSearchParams(form), headers: { authorization } }
  const token = await fetch(`${emulator.apiUrl}/v10/oauth2/token`, init)
  const { access_token: access } = (await token.json()) as { readonly access_token: string }
  for (const path of ['/users/@me', '/users/@me/guilds']) {
    const answer = await fetch(`${emulator.apiUrl}/v10${path}`, { headers: { authorization: `Bearer ${access}` } })
    expect(answer.status).toBe(200)
  }
}

async function meetRefusals({ call, channel, guild }: Town) {
  await call('POST', `/channels/${channel.id}/messages`, {})
  await call('POST', `/channels/${channel.id}/messages`, { content: 'x'.repeat(2001), embeds: [{ title: 't'.repeat(257) }] })
  await call('POST', `/guilds/${guild.id}/channels`, { name: '', type: 99 })
  await call('GET', '/channels/1')
}
