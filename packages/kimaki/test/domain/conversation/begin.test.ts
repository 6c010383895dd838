/** Where a conversation begins that no message in a project channel opened. */
import { expect, test } from 'vitest'
import { beginConversationEffect } from '../../../src/domain/conversation/begin.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { message } from '../../support/conversation.ts'

const state = { guildId: '1', channelId: '2', directory: '/p' } as Conversation
const request = { owner: 'launch', id: '3', requestKey: 'begun:3', afterId: '4', message: message('hi') }

test.each([
  ['the folder of the project', {}, '/p'],
  ['the folder that was chosen', { cwd: '/p/web' }, '/p/web'],
])('it works in %s', (_what, chosen, directory) => {
  const effect = beginConversationEffect(state, { ...request, begins: { name: 'hi', ...chosen } })
  expect(effect).toMatchObject({ guildId: '1', channelId: '2', directory })
})
