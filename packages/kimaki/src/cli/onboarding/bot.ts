/** Asks for a bot until Discord takes its token, lets it read messages, and it is in a server. */
import { setTimeout as pause } from 'node:timers/promises'
import { ChatRefused, UsageError } from '../../base/errors.ts'
import { lineForTerminal } from '../../base/text.ts'
import { INVITED, inviteAddress } from '../../domain/rights.ts'
import type { GuildName } from '../../ports/channels.ts'
import type { ApplicationReport } from '../../ports/application.ts'
import type { Config } from '../config.ts'
import { isForGateway, withToken } from '../credentials.ts'
import { connect } from '../gateway/connect.ts'
import { inviteThroughGateway } from '../gateway/invite.ts'
import { withDiscord } from '../projects/offline.ts'
import { askSecret, choose, confirm, done, during, say, warn } from './prompts.ts'

const PORTAL = 'https://discord.com/developers/applications'
/** Discord's tokens have at least 59 characters. */
const SHORTEST_TOKEN = 50
const LOOK_EVERY_MS = 2000

export interface ReadyBot {
  readonly token: string
  readonly guild: GuildName
  /** Its token is on disk already. */
  readonly isSaved?: true
}

export async function askForBot(config: Config): Promise<ReadyBot> {
  say(
    `1. Open ${PORTAL}`,
    '   and make a New Application.',
    '2. Bot: turn on Message Content Intent.',
    '3. Bot: Reset Token, and copy it.',
  )
  const { token, application } = await askForToken(config)
  const mine = withToken(config, token)
  await untilItReads(mine, application)
  return { token, guild: await askForServer(mine, application) }
}

/** The bot of a gateway, once somebody has opened the address. */
export async function letIn(config: Config, callback: string | undefined): Promise<ReadyBot | Error> {
  const opened = Promise.withResolvers<string>()
  let guildId: string | undefined
  const connected = connect({
    config,
    callback,
    tell(event) {
      if (event.type === 'install_url') say('Open this address, and choose a server:', lineForTerminal(event.url))
      else if (event.type === 'error') warn(event.message)
    },
    tellEnd: () => undefined,
    tellCode: (code) => {
      say(`In the server this machine is known by the code ${code}.`)
      opened.resolve(code)
    },
    done: async (_token, id) => void (guildId = id),
    signal: new AbortController().signal,
  })
  await Promise.race([opened.promise, connected])
  const ready = await during('Waiting until somebody has opened it', async () => connected)
  if (ready instanceof Error) return ready
  const { token } = ready
  const servers = await withDiscord(withToken(config, token), (chat) => chat.channels.servers())
  const guild = servers instanceof Error ? undefined : servers.find(({ id }) => id === guildId)
  if (guild) done(`The machine is in ${guild.name}`)
  return { token, isSaved: true, guild: guild ?? { id: guildId ?? '', name: guildId ?? '' } }
}

/** The bot whose token is known already. */
export async function knownBot(config: Config): Promise<ReadyBot | Error> {
  const { token } = config
  if (token === undefined) return new UsageError({ reason: 'No bot is known yet: run kimaki without --add-channels first.' })
  const application = await lookUp(config)
  if (application instanceof Error) return application
  done(`The bot is ${application.name}`)
  return { token, guild: await askForServer(config, application) }
}

interface KnownBot {
  readonly token: string
  readonly application: ApplicationReport
}

async function askForToken(config: Config): Promise<KnownBot> {
  for (;;) {
    const token = await askSecret('The token of the bot', wrongToken)
    const application = await lookUp(withToken(config, token))
    if (!(application instanceof Error)) {
      done(`Discord knows it: ${application.name}`)
      return { token, application }
    }
    warn(
      application instanceof ChatRefused
        ? 'Discord does not know this token. Reset it in the portal, and copy the new one.'
        : `Discord could not be asked: ${application.message}. Try again.`,
    )
  }
}

const wrongToken = (text: string): string | undefined =>
  text.length < SHORTEST_TOKEN || /\s/.test(text)
    ? 'That is no bot token: copy it from the page Bot, button Reset Token.'
    : undefined

const lookUp = async (config: Config): Promise<ApplicationReport | Error> =>
  during('Asking Discord', async () => withDiscord(config, (chat) => chat.application()))

async function untilItReads(config: Config, first: ApplicationReport): Promise<void> {
  for (
    let known: ApplicationReport | Error = first;
    known instanceof Error || !known.mayReadMessages;
    known = await lookUp(config)
  ) {
    warn('The bot may not read messages yet: its Message Content Intent is off.')
    say('Turn it on and press Save Changes:', `${PORTAL}/${first.id}/bot`)
    await confirm('Done?')
  }
}

async function askForServer(config: Config, { id }: ApplicationReport): Promise<GuildName> {
  const servers = await withDiscord(config, (chat) => chat.channels.servers())
  const known = servers instanceof Error || servers.length === 0 ? await untilInvited(config, id) : servers
  const [only] = known
  if (known.length === 1 && only) {
    done(`The bot is in ${only.name}`)
    return only
  }
  const chosen = await choose(
    'In which server?',
    known.map((guild) => ({ value: guild.id, label: guild.name, hint: guild.id })),
  )
  return known.find((guild) => guild.id === chosen) ?? { id: chosen, name: chosen }
}

async function untilInvited(config: Config, applicationId: string): Promise<readonly GuildName[]> {
  const address = isForGateway(config.token) ? await inviteThroughGateway(config) : inviteAddress(applicationId)
  say('Invite the bot to your server:', ...(address instanceof Error ? [address.message] : [address]))
  if (!isForGateway(config.token)) say(`It asks for: ${INVITED.join(', ')}.`)
  return during('Waiting until the bot is in a server', async () => {
    for (;;) {
      const servers = await withDiscord(config, (chat) => chat.channels.servers())
      if (!(servers instanceof Error) && servers.length > 0) return servers
      await pause(LOOK_EVERY_MS)
    }
  })
}
