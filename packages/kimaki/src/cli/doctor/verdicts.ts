/** What the facts of a machine mean for Kimaki, and what to do about it: one sentence each. Pure. */
import type { Diagnosis } from '../../discord/diagnose.ts'
import { BESIDE_NEWER } from '../../view/inquiry/newer-opencode.ts'

/** `bad`: Kimaki cannot work like this. `warning`: it works, but something will go wrong or could not be looked at. */
export interface Finding {
  readonly check: string
  readonly verdict: 'ok' | 'warning' | 'bad'
  readonly found: string
  readonly fix?: string
}

export interface Facts {
  readonly node: string
  /** What `git --version` says; undefined without git. */
  readonly git: string | undefined
  readonly opencode: {
    /** Undefined when it says none. */
    readonly version: string | undefined
    /** Why it cannot be used. */
    readonly refused: string | undefined
    readonly isTried: boolean
    /** One of generation 2 has been used on the same data. */
    readonly isBesideNewer: boolean
  }
  /** Large images can be made smaller. */
  readonly hasSharp: boolean
  readonly lock: { readonly port: number; readonly holder: 'nobody' | 'foreign' | 'silent' | { readonly pid: number } }
  readonly data: {
    readonly folder: string
    readonly isThere: boolean
    /** It or what is in it may be read by others. */
    readonly open: readonly string[]
    readonly strangers: readonly string[]
    /** Undefined where it cannot be told. */
    readonly freeBytes: number | undefined
  }
  readonly hasToken: boolean
  /** The gateway that is asked in Discord's place. */
  readonly gateway?: string | undefined
  readonly discord: Diagnosis
  /** Unix ms when Discord was asked. */
  readonly now: number
  /** What is wrong with each linked channel, if anything is. */
  readonly channels: readonly { readonly id: string; readonly trouble: string | undefined }[] | { readonly unknown: string }
}

const MEGABYTE = 1024 * 1024
const LEAST_FREE = 64 * MEGABYTE
const LITTLE_FREE = 1024 * MEGABYTE
/** The `Date` header has whole seconds, and an answer takes its time. */
const SMALL_SKEW_MS = 5000
const LARGE_SKEW_MS = 60_000
const CONNECT_ANEW = 'Connect it anew: kimaki --gateway --restart-onboarding'
const PORTAL = 'https://discord.com/developers/applications'

export const judge = (facts: Facts): readonly Finding[] => [
  node(facts),
  git(facts),
  opencode(facts),
  images(facts),
  ...besideNewer(facts),
  lock(facts),
  files(facts),
  disk(facts),
  ...discord(facts),
  ...channels(facts),
]

export const isWell = (findings: readonly Finding[]): boolean => findings.every(({ verdict }) => verdict !== 'bad')

const ok = (check: string, found: string): Finding => ({ check, verdict: 'ok', found })
const warning = (check: string, found: string, fix: string): Finding => ({ check, verdict: 'warning', found, fix })
const bad = (check: string, found: string, fix: string): Finding => ({ check, verdict: 'bad', found, fix })

const node = ({ node: version }: Facts): Finding =>
  Number(version.split('.')[0]) >= 24
    ? ok('node', version)
    : bad('node', version, 'Install Node 24 or newer from https://nodejs.org or with your version manager.')

const git = ({ git: version }: Facts): Finding =>
  version === undefined
    ? bad('git', 'not found', 'Install git, and see that `git --version` works in the shell that starts Kimaki.')
    : ok('git', version)

function opencode({ opencode: { version, refused, isTried } }: Facts): Finding {
  if (refused !== undefined) return bad('opencode', version ?? 'not usable', `${refused}.`)
  if (version === undefined)
    return bad('opencode', 'does not say its version', 'See that `OPENCODE_PATH` names a real OpenCode, or unset it.')
  if (isTried) return ok('opencode', version)
  return warning(
    'opencode',
    `${version}, with which Kimaki has not been tried`,
    'Unset OPENCODE_PATH to use the one that is installed with Kimaki.',
  )
}

const images = ({ hasSharp }: Facts): Finding =>
  hasSharp
    ? ok('images', 'large ones are made smaller')
    : warning(
        'images',
        'large ones go to OpenCode as they are, which stands still while it makes them smaller: sharp is missing',
        'Install Kimaki again without --omit=optional. On some machines sharp does not run.',
      )

const besideNewer = ({ opencode: { isBesideNewer } }: Facts): readonly Finding[] =>
  isBesideNewer ? [warning('opencode data', BESIDE_NEWER.found, BESIDE_NEWER.fix)] : []

function lock({ lock: { port, holder } }: Facts): Finding {
  if (holder === 'nobody') return ok('bot', `does not run; its port ${port} is free`)
  if (typeof holder === 'object') return ok('bot', `runs (pid ${holder.pid}), port ${port}`)
  if (holder === 'silent')
    return bad(
      'bot',
      `port ${port} is held, and nobody answers`,
      'Start kimaki again: it ends a bot that hangs on this data folder.',
    )
  return bad(
    'bot',
    `port ${port} is taken by another program`,
    'Set KIMAKI_LOCK_PORT to a free port, for the bot and for the commands.',
  )
}

function files({ data: { folder, isThere, open, strangers } }: Facts): Finding {
  if (strangers.length > 0)
    return bad(
      'files',
      `of another user: ${strangers.join(', ')}`,
      `Make them yours with chown, or choose a folder of your own with --data-dir.`,
    )
  if (open.length > 0) return warning('files', `others may read: ${open.join(', ')}`, `Close them: chmod -R go= ${folder}`)
  return ok('files', isThere ? `${folder}, readable by you alone` : `${folder} is made at the first start`)
}

function disk({ data: { freeBytes } }: Facts): Finding {
  if (freeBytes === undefined) return warning('disk', 'cannot be told', 'See that the folder of --data-dir can be made.')
  const found = `${Math.floor(freeBytes / MEGABYTE)} MB free`
  if (freeBytes < LEAST_FREE) return bad('disk', found, 'Make room: without it no message can be accepted.')
  return freeBytes < LITTLE_FREE
    ? warning('disk', found, 'Make room soon: attachments and long outputs are left out first.')
    : ok('disk', found)
}

function discord({ discord: answer, hasToken, gateway, lock: { holder }, now }: Facts): readonly Finding[] {
  if (answer.kind === 'unreachable')
    return [
      bad(
        'discord',
        `not reached: ${answer.reason}`,
        `See that this machine reaches ${gateway ?? 'https://discord.com'}, and what a proxy or firewall between says.`,
      ),
    ]
  const { status, theirTime } = answer
  const look = gateway ?? 'https://discordstatus.com'
  if (status >= 500) return [warning('discord', `answers ${status}`, `Wait, and look at ${look}.`)]
  if (status >= 400 && status !== 401)
    return [
      bad(
        'discord',
        `answers ${status}`,
        'Check KIMAKI_DISCORD_API_URL, and that nothing between this machine and Discord blocks the bot.',
      ),
    ]
  const skew = theirTime === undefined ? [] : [clock(now - theirTime)]
  const found = gateway === undefined ? 'answers' : `answers through the gateway ${gateway}`
  return [ok('discord', found), ...token(answer, { hasToken, gateway, runs: typeof holder === 'object' }), ...skew]
}

function token(
  { status, readsMessages }: { status: number; readsMessages: boolean | undefined },
  { hasToken, gateway, runs }: Pick<Facts, 'hasToken' | 'gateway'> & { readonly runs: boolean },
): readonly Finding[] {
  if (!hasToken) {
    const found = 'KIMAKI_BOT_TOKEN is not set in this shell'
    return [
      runs
        ? warning('token', found, 'Set it to have token, intents and rights looked at too.')
        : bad('token', found, `Copy the token of your bot (${PORTAL}) and set it.`),
    ]
  }
  if (status === 401 && gateway !== undefined)
    return [bad('token', `the gateway ${gateway} does not know this machine`, CONNECT_ANEW)]
  if (status === 401)
    return [bad('token', 'Discord does not accept it', `Copy it again: ${PORTAL} > your application > Bot > Reset Token.`)]
  if (readsMessages === undefined)
    return [
      ok('token', 'accepted'),
      warning('intents', 'Discord does not tell them', 'Look for "Message Content Intent" in the portal yourself.'),
    ]
  if (readsMessages) return [ok('token', 'accepted'), ok('intents', 'Message Content is on')]
  return [
    ok('token', 'accepted'),
    bad('intents', 'Message Content is off', `Turn on "Message Content Intent": ${PORTAL} > your application > Bot.`),
  ]
}

function clock(skewMs: number): Finding {
  const found = `${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs < 0 ? 'behind' : 'ahead of'} Discord's`
  if (Math.abs(skewMs) < SMALL_SKEW_MS) return ok('clock', "agrees with Discord's")
  const fix = "Set this machine's clock, and have it kept right (on Linux: timedatectl set-ntp true)."
  return Math.abs(skewMs) < LARGE_SKEW_MS ? warning('clock', found, fix) : bad('clock', found, fix)
}

function channels({ channels: looked }: Facts): readonly Finding[] {
  if ('unknown' in looked) return [warning('channels', 'not looked at', looked.unknown)]
  if (looked.length === 0)
    return [warning('channels', 'none is linked', 'Link a folder: kimaki project link <folder> --channel <channel id>')]
  return looked.map(({ id, trouble }) =>
    trouble === undefined ? ok('channels', `${id}: the bot has what it needs`) : bad('channels', id, trouble),
  )
}
