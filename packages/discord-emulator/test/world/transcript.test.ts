import { expect, test } from 'vitest'
import { buildDesk, EPHEMERAL } from '../support/desk.ts'

test('a channel reads as text, with components, files, replies, reactions and threads', async () => {
  const desk = await buildDesk()
  const { alice, channel, bot, world, call, guild } = desk
  const path = `/channels/${channel.id}/messages`
  const question = alice.send(channel.id, `<@${bot.id}> look in <#${channel.id}>`, { files: [{ name: 'a.txt', data: 'xyz' }] })
  await call('POST', path, {
    content: 'Choose\nnow',
    message_reference: { message_id: question.id },
    embeds: [{ title: 'Plan', description: 'one\ntwo', fields: [{ name: 'size', value: 'small' }] }],
    components: [
      {
        type: 1,
        components: [
          { type: 2, style: 1, label: 'Go', custom_id: 'go' },
          { type: 2, style: 4, label: 'Stop', custom_id: 'stop', disabled: true },
          { type: 2, style: 5, label: 'Read', url: 'https://example.com/' },
        ],
      },
      {
        type: 1,
        components: [{ type: 3, custom_id: 's', placeholder: 'Model', options: [{ label: 'a', value: 'a', default: true }] }],
      },
    ],
  })
  await call('POST', path, {
    flags: 1 << 15,
    components: [{ type: 17, components: [{ type: 10, content: '# Title' }, { type: 14 }, { type: 10, content: 'done' }] }],
  })
  alice.react(channel.id, question.id, '👍')
  alice.edit(channel.id, question.id, `<@${bot.id}> look`)
  const thread = alice.startThread(channel.id, 'Task', question.id)
  alice.send(thread.id, 'inside')
  guild.archiveThread(thread.id)
  expect(world.transcript(channel.id)).toBe(
    [
      '# general',
      'Alice (edited): @helper look',
      '  │ file a.txt (3 bytes)',
      '  │ 👍 Alice',
      '  │ thread Task (1 messages)',
      'helper: Choose',
      '    now',
      '  │ to Alice: @helper look',
      '  ▌ Plan',
      '  ▌ one',
      '  ▌ two',
      '  ▌ size: small',
      '  [Go]  [Stop, disabled]  [Read ↗ https://example.com/]',
      '  ‹Model: a ✓›',
      'helper:',
      '  ▌ # Title',
      '  ▌ ───',
      '  ▌ done',
    ].join('\n'),
  )
  expect(world.transcript(thread.id)).toBe(
    ['Thread Task (archived)', 'Alice: (the message the thread began from)', 'Alice: inside'].join('\n'),
  )
})

test('ephemeral messages stand in the transcript of the person who sees them', async () => {
  const { alice, channel, declare, respond, world } = await buildDesk()
  await declare({ name: 'hello', description: 'd' })
  await respond(alice.command(channel.id, 'hello'), { type: 4, data: { content: 'psst', flags: EPHEMERAL } })
  await respond(alice.command(channel.id, 'hello'), { type: 5 })
  expect(world.transcript(channel.id)).toBe(['# general', 'helper: (thinking…)', '  │ for Alice'].join('\n'))
  expect(world.transcript(channel.id, alice)).toContain('helper (only Alice sees this): psst')
})
