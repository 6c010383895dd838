/** The fakes keep the contracts of their ports, like the adapters they stand for. */
import { describe } from 'vitest'
import { agentPortContract, type AgentUnderTest } from '../../support/contracts/agent-port.ts'
import { chatPortContract, type ChatPortFixture } from '../../support/contracts/chat-port.ts'
import { CHANNEL, GUILD, OWNER, message, nextId } from '../../support/conversation.ts'
import { manualClock } from './clock.ts'
import { FakeAgent } from './fake-agent.ts'
import { FakeChat, forbidden } from './fake-chat.ts'
import { commandEvent, DIRECTORY, never } from './harness.ts'

describe('FakeAgent as an AgentPort', () => {
  agentPortContract(makeAgent)
})

chatPortContract('FakeChat', openChat)

async function makeAgent(): Promise<AgentUnderTest> {
  const agent = new FakeAgent(manualClock())
  agent.goneDirectories.add(`${DIRECTORY}/missing`)
  return {
    port: agent,
    directory: DIRECTORY,
    answers: (match, words) => agent.answers(match, words),
    hangs: (match) => agent.hangs(match),
    end: async () => agent.stop(),
  }
}

async function openChat(): Promise<ChatPortFixture> {
  const chat = new FakeChat()
  const goneChannelId = nextId()
  chat.goneChannels.add(goneChannelId)
  return {
    chat,
    guildId: GUILD,
    channelId: CHANNEL,
    goneChannelId,
    personId: OWNER,
    write(channelId, text) {
      const written = message(text, { channelId, inThread: channelId !== CHANNEL })
      chat.write(written)
      return written.id
    },
    invoke: (channelId, name) => chat.emit(commandEvent(channelId, name)),
    leaveGuild: () => chat.members.delete(OWNER),
    forbidPosts: () => void (chat.on.post = async () => forbidden),
    loseAnswerOfPost: () => void (chat.losesAnswerOfPost = true),
    hangPost: () => void (chat.on.post = async () => never),
    close: async () => chat.stop(),
  }
}
