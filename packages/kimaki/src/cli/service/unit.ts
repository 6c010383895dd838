/**
 * What a service manager is told so that it starts Kimaki when its user logs in: a user unit of systemd, or an agent of launchd. Pure.
 * The token never stands in it: both read a file of the user, which only the user may read.
 */
import { join } from 'node:path'

export interface Service {
  readonly platform: 'linux' | 'darwin'
  readonly home: string
  /** `XDG_CONFIG_HOME`, or what stands for it. */
  readonly config: string
  /** Node, and `kimaki.cjs`: absolute. */
  readonly node: string
  readonly program: string
  readonly dataDir: string
  /** Service managers know none of the user's: the agent would miss the user's tools. */
  readonly path: string
}

export interface ServiceFile {
  readonly file: string
  readonly text: string
  /** `KIMAKI_BOT_TOKEN=…` and other variables, a line each. */
  readonly variables: string
  /** What `systemctl enable` has left, which goes with the unit. */
  readonly enabled: string | undefined
  readonly start: string
  readonly stop: string
}

const LABEL = 'kimaki'

export function serviceFile(service: Service): ServiceFile {
  const variables = join(service.config, 'kimaki', 'env')
  if (service.platform === 'linux') {
    const file = join(service.config, 'systemd', 'user', `${LABEL}.service`)
    const start = `systemctl --user daemon-reload && systemctl --user enable --now ${LABEL}`
    const enabled = join(service.config, 'systemd', 'user', 'default.target.wants', `${LABEL}.service`)
    const stop = `systemctl --user stop ${LABEL} && systemctl --user daemon-reload`
    return { file, text: unit(service, variables), variables, enabled, start, stop }
  }
  const file = join(service.home, 'Library', 'LaunchAgents', `${LABEL}.plist`)
  const start = `launchctl bootstrap gui/$(id -u) ${shellQuoted(file)}`
  return {
    file,
    text: agent(service, variables),
    variables,
    enabled: undefined,
    start,
    stop: `launchctl bootout gui/$(id -u)/${LABEL}`,
  }
}

/** systemd.service(5), systemd.exec(5). With 64 a start without a change is of no use (docs: exit codes). The wrapper is the main process. */
const unit = ({ node, program, dataDir, path }: Service, variables: string): string => `[Unit]
Description=Kimaki, Discord as the control surface for coding agents
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=${[node, program, '--data-dir', dataDir].map(commandQuoted).join(' ')}
Environment=${unitQuoted(`PATH=${path}`)}
EnvironmentFile=${variables.replaceAll('%', '%%')}
Restart=on-failure
RestartSec=5
RestartPreventExitStatus=64
KillMode=mixed
TimeoutStopSec=15

[Install]
WantedBy=default.target
`

const unitQuoted = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('%', '%%')}"`
/** Of a command line a `$` is read too. */
const commandQuoted = (text: string): string => unitQuoted(text).replaceAll('$', () => '$$')

/** launchd.plist(5): it knows no file of variables, so a shell reads it and becomes the program. */
function agent({ node, program, dataDir, path }: Service, variables: string): string {
  const words = ['/bin/sh', '-c', 'set -a; . "$0"; exec "$@"', variables, node, program, '--data-dir', dataDir]
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words.map((word) => `    <string>${xml(word)}</string>`).join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
    <key>PATH</key>
    <string>${xml(path)}</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>30</integer>
</dict>
</plist>
`
}

const shellQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
