/**
 * Which OpenCode runs: `OPENCODE_PATH`, else the platform binary of our pinned `opencode-ai`. Not the package's `bin/` script: without
 * npm's install scripts this script is a stub that exits 1, while the platform package always holds the program.
 */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join } from 'node:path'
import { AgentUnavailable } from '../../base/errors.ts'

export interface Platform {
  readonly os: string
  readonly arch: string
  /** The processor lacks AVX2. */
  readonly baseline: boolean
  readonly musl: boolean
}

/** `chosen` (an option, or `OPENCODE_PATH`) wins; the path found is absolute and executable. */
export function findBinary(chosen: string | undefined): string | AgentUnavailable {
  if (chosen !== undefined && chosen !== '') {
    if (!isAbsolute(chosen)) return new AgentUnavailable({ reason: `OPENCODE_PATH must be an absolute path, but is "${chosen}"` })
    return isExecutable(chosen) ? chosen : new AgentUnavailable({ reason: `OPENCODE_PATH names no program: ${chosen}` })
  }
  const names = packageNames(thisPlatform())
  const found = names.map(binaryOf).find((path) => path !== undefined && isExecutable(path))
  if (found !== undefined) return found
  const [first] = names
  return new AgentUnavailable({
    reason: `OpenCode is not installed: the package ${first} is missing. Run npm install, or set OPENCODE_PATH`,
  })
}

/** Best first; the others run too, only slower or with luck. The order is the one of opencode-ai's own postinstall. */
export function packageNames({ os, arch, baseline, musl }: Platform): readonly [string, ...string[]] {
  const base = `opencode-${os === 'win32' ? 'windows' : os}-${arch}`
  const speeds = arch !== 'x64' ? [''] : baseline ? ['-baseline', ''] : ['', '-baseline']
  const libraries = os !== 'linux' ? [''] : musl ? ['-musl', ''] : ['', '-musl']
  const [first = base, ...others] = libraries.flatMap((library) => speeds.map((speed) => base + speed + library))
  return [first, ...others]
}

function binaryOf(name: string): string | undefined {
  try {
    const ours = createRequire(import.meta.url)
    // npm may nest the platform package below opencode-ai: resolve from there.
    const theirs = createRequire(ours.resolve('opencode-ai/package.json'))
    return join(dirname(theirs.resolve(`${name}/package.json`)), 'bin', name.includes('windows') ? 'opencode.exe' : 'opencode')
  } catch {
    return undefined
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function thisPlatform(): Platform {
  const { platform: os, arch } = process
  return { os, arch, baseline: arch === 'x64' && !hasAvx2(os), musl: os === 'linux' && existsSync('/etc/alpine-release') }
}

function hasAvx2(os: string): boolean {
  try {
    if (os === 'linux') return /\bavx2\b/i.test(readFileSync('/proc/cpuinfo', 'utf8'))
    if (os === 'darwin')
      return execFileSync('sysctl', ['-n', 'hw.optional.avx2_0'], { encoding: 'utf8', timeout: 1_500 }).trim() === '1'
    return true
  } catch {
    return false
  }
}
