/** The plugin, and nothing else: OpenCode takes every export of the file for one. */
import { accountHooks, goOnWithAnother } from './accounts/hooks.ts'
import { tellIn } from './tell.ts'
import { actionButtons } from './tools/action-buttons.ts'
import { botOf } from './bot.ts'
import { checkoutOf, refusalOf } from './checkout.ts'
import { fileUpload } from './tools/file-upload.ts'
import type { Hooks, PluginInput } from './opencode.ts'
import { shrinkImages } from './images/shrink.ts'
import { Places } from './place.ts'
import { hasOwnQuestion, question } from './tools/question.ts'
import { PromptChanges } from './prompt-changes.ts'
import { Reminders } from './reminders.ts'
import { Subagents } from './subagents.ts'
import { SystemPrompts } from './system-prompt.ts'

/** In an OpenCode that Kimaki has not started it does nothing. */
async function server(input: PluginInput): Promise<Hooks> {
  const links = process.env['KIMAKI_AGENT_LINKS']
  if (links === undefined || links === '') return {}
  const bot = botOf(links, input.directory)
  const places = new Places(bot, input.client)
  const prompts = new SystemPrompts()
  const reminders = new Reminders(input)
  const changes = new PromptChanges((session, text) => tellIn(input.client, session, text))
  const subagents = new Subagents(input.client)
  const checkout = checkoutOf(input.directory)
  const hooks: Hooks = {
    ...accountHooks(links, input.client),
    tool: {
      kimaki_action_buttons: actionButtons(bot),
      kimaki_file_upload: fileUpload(bot),
      ...(!hasOwnQuestion(process.env) && { kimaki_question: question(bot) }),
    },
    async 'shell.env'({ sessionID }, { env }) {
      if (checkout !== undefined) env['OPENCODE_ORIGINAL_REPO_DIRECTORY'] = checkout
      await harmlessly(async () => {
        const place = sessionID === undefined ? undefined : await inTime(places.of(sessionID))
        if (sessionID === undefined || !place) return
        env['KIMAKI_SESSION_ID'] = sessionID
        env['KIMAKI_THREAD_ID'] = place.threadId
        env['KIMAKI_CHANNEL_ID'] = place.channelId
        env['KIMAKI_GUILD_ID'] = place.guildId
        env['KIMAKI_BOT'] = bot.link
      })
    },
    async 'chat.message'(_input, { message, parts }) {
      await harmlessly(async () => {
        const isOurs = message.system !== undefined
        // OpenCode looks for a hook at each call: accounts that are listed later need no new start.
        if (!hooks['chat.headers']) Object.assign(hooks, accountHooks(links, input.client))
        if (hooks['chat.headers']) goOnWithAnother(links, input.client, message)
        prompts.learn(message)
        if (isOurs) parts.push(...((await inTime(reminders.for(message))) ?? []))
      })
    },
    async 'tool.execute.before'({ tool }, { args }) {
      const { command } = args
      if (checkout === undefined || tool !== 'bash' || typeof command !== 'string') return
      const refusal = refusalOf(command, checkout, input.directory)
      if (refusal !== undefined) throw new Error(refusal)
    },
    async 'tool.execute.after'({ sessionID }, output) {
      await harmlessly(async () => output && shrinkImages(bot, sessionID, output))
    },
    async 'chat.params'({ sessionID: session, agent, model }) {
      await harmlessly(async () => changes.asked({ session, agent, model: `${model.providerID}/${model.id}` }))
    },
    async event({ event }) {
      const { sessionID, status } = event.properties
      if (sessionID !== undefined && status?.type === 'idle') changes.idle(sessionID)
      await harmlessly(async () => subagents.heard(event))
    },
    async 'experimental.chat.messages.transform'(_input, { messages }) {
      await harmlessly(async () => subagents.explain(messages))
    },
    async 'experimental.chat.system.transform'({ sessionID }, { system }) {
      await harmlessly(async () => {
        prompts.complete(sessionID, system)
        if (sessionID !== undefined && prompts.isKnown(sessionID)) changes.shown(sessionID, system)
      })
    },
  }
  return hooks
}

/** OpenCode itself waits for a hook without a limit: a command or a message never waits longer than this for us. */
const HOOK_MS = 1500

/** Undefined when it takes too long. */
async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), HOOK_MS)))
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** What a hook throws fails the prompt or the command that OpenCode is about to run. */
async function harmlessly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch {
    // The agent works without what the hook would have added.
  }
}

export default { id: 'kimaki', server }
