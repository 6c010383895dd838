/** Upgrades by the package manager that installed this Kimaki: it knows the registry, its settings and its log-in. */
import { execFile } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inheritedEnvironment } from '../../base/environment.ts'
import { UsageError } from '../../base/errors.ts'
import { cut, oneLine } from '../../base/text.ts'
import type { UpgradePort } from '../../ports/upgrade.ts'
import { commandLine, installerFor, type Install } from './installed.ts'

const LOOK_MS = 30_000
const INSTALL_MS = 600_000
const REASON_MAX = 300
const VERSION = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/

export interface UpgradeOptions {
  readonly current: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What Node was started with. */
  readonly script: string
  readonly restart: UpgradePort['restart']
}

export function createUpgrade({ current, environment, script, restart }: UpgradeOptions): UpgradePort {
  const run = (install: Install, timeout: number): Promise<string | UsageError> => runIn(environment, install, timeout)
  return {
    current,
    async look() {
      const installer = here(script)
      if (installer instanceof Error) return installer
      const said = await run({ program: 'npm', args: ['view', 'kimaki', 'version', '--json'] }, LOOK_MS)
      if (said instanceof Error) return said
      const latest = said.trim().replaceAll('"', '')
      if (!VERSION.test(latest)) return new UsageError({ reason: 'The registry names no version of kimaki.' })
      return { current, latest, command: commandLine(installer(latest)) }
    },
    async install(version) {
      const installer = here(script)
      if (installer instanceof Error) return installer
      if (!VERSION.test(version)) return new UsageError({ reason: `${version} is no version.` })
      const said = await run(installer(version), INSTALL_MS)
      return said instanceof Error ? said : undefined
    },
    restart,
  }
}

function here(script: string): ReturnType<typeof installerFor> {
  const real = existsSync(script) ? realpathSync(script) : script
  return installerFor(real, existsSync(join(dirname(dirname(real)), 'src', 'cli', 'entry.ts')))
}

function runIn(
  environment: UpgradeOptions['environment'],
  { program, args }: Install,
  timeout: number,
): Promise<string | UsageError> {
  const options = { env: { ...inheritedEnvironment(environment), npm_config_update_notifier: 'false' }, timeout }
  return new Promise((resolve) =>
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const said = cut(oneLine(stderr) || oneLine(error.message), REASON_MAX)
      resolve(new UsageError({ reason: `${commandLine({ program, args })} failed: ${said}` }))
    }),
  )
}
