/** `kimaki service install` and `uninstall`: writes or removes what starts Kimaki when its user logs in, and says how to begin. */
import { UsageError } from '../../base/errors.ts'
import { defineCliCommand } from '../command.ts'
import type { Config } from '../config.ts'
import type { ServiceFile } from '../service/unit.ts'
import { EXIT_OK } from '../status.ts'

export const serviceInstall = defineCliCommand({
  usage: 'service install',
  description: 'start kimaki when you log in: a user unit of systemd, or an agent of launchd',
  examples: ['kimaki service install'],
  options: {},
  async run({ config, print }) {
    const service = await serviceHere(config)
    if (service instanceof Error) return service
    const { file, text, variables, start } = service
    const { writePrivately } = await import('../service/files.ts')
    const failed = writePrivately(file, text) ?? writePrivately(variables, 'KIMAKI_BOT_TOKEN=\n', 'unless there')
    if (failed) return failed
    print(`Written: ${file}`)
    print(`The token stands in ${variables}, which only you may read: set KIMAKI_BOT_TOKEN there.`)
    print(`Then start it: ${start}`)
    return EXIT_OK
  },
  routes: {},
})

export const serviceUninstall = defineCliCommand({
  usage: 'service uninstall',
  description: 'remove what service install has written; the token and all threads stay',
  examples: ['kimaki service uninstall'],
  options: {},
  async run({ config, print }) {
    const service = await serviceHere(config)
    if (service instanceof Error) return service
    const { remove } = await import('../service/files.ts')
    const removed = remove(service.file)
    if (removed instanceof Error) return removed
    if (service.enabled !== undefined) remove(service.enabled)
    print(removed ? `Removed: ${service.file}` : `There is no ${service.file}.`)
    if (removed) print(`A kimaki that runs as a service is stopped by: ${service.stop}`)
    return EXIT_OK
  },
  routes: {},
})

async function serviceHere({ dataDir, environment }: Config): Promise<ServiceFile | UsageError> {
  const { platform } = process
  if (platform !== 'linux' && platform !== 'darwin')
    return new UsageError({ reason: `there is no service for ${platform} yet: run kimaki as your service manager says.` })
  const [, program = ''] = process.argv
  if (/[\\/]_npx[\\/]/.test(program))
    return new UsageError({
      reason:
        'npx keeps this program in a cache that npm may empty. Install it first: npm install -g kimaki, then kimaki service install.',
    })
  const { whereHere } = await import('../service/files.ts')
  const { serviceFile } = await import('../service/unit.ts')
  return serviceFile({ platform, node: process.execPath, dataDir, ...whereHere(program, environment) })
}
