/** How this Kimaki was installed, which decides what a newer one is installed with. Pure. */
import { basename, dirname, join, sep } from 'node:path'
import { UsageError } from '../../base/errors.ts'

const NAME = 'kimaki'

/** What is run: a program and its arguments. */
export interface Install {
  readonly program: 'npm' | 'pnpm' | 'bun'
  readonly args: readonly string[]
}

/**
 * `script`: the real path of what Node was started with, `<package>/bin/kimaki.cjs`. `isCheckout`: the package has its source. Returns what
 * installs a version, or why nothing can be installed, and what to do instead.
 */
export function installerFor(script: string, isCheckout: boolean): ((version: string) => Install) | UsageError {
  const folder = dirname(dirname(script))
  const around = dirname(dirname(folder))
  if (isCheckout)
    return new UsageError({
      reason: `This kimaki runs from a checkout. Upgrade it with: cd ${around} && git pull && npm install && npm run build`,
    })
  const parts = folder.split(sep)
  if (parts.includes('_npx'))
    return new UsageError({
      reason:
        'This kimaki was started by npx, which keeps nothing to upgrade. End it, and start the newest with: npx -y kimaki@latest',
    })
  const isGlobal = parts.includes('global')
  if (isGlobal && parts.includes('.bun'))
    return (version) => ({ program: 'bun', args: ['add', '--global', `${NAME}@${version}`] })
  if (isGlobal && parts.includes('.pnpm'))
    return (version) => ({ program: 'pnpm', args: ['add', '--global', `${NAME}@${version}`] })
  const prefix = globalPrefix(folder)
  if (prefix !== undefined)
    return (version) => ({ program: 'npm', args: ['install', '--global', '--prefix', prefix, `${NAME}@${version}`] })
  return new UsageError({
    reason: `This kimaki belongs to the project ${around}. Upgrade it there with: npm install ${NAME}@latest`,
  })
}

/** npm keeps global packages in `<prefix>/lib/node_modules` (npm docs: folders). */
function globalPrefix(folder: string): string | undefined {
  const modules = dirname(folder)
  const lib = dirname(modules)
  return basename(modules) === 'node_modules' && basename(lib) === 'lib' ? join(lib, '..') : undefined
}

export const commandLine = ({ program, args }: Install): string =>
  [program, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
