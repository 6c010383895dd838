/** The browser that the machine has. Tests without one skip, loudly; in CI they fail. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

export function findChromium(): string | undefined {
  const found = process.env['CHROMIUM_PATH'] || PLACES.find((path) => existsSync(path)) || onPath('google-chrome')
  if (found === undefined) {
    if (process.env['CI'] === 'true') throw new Error(MISSING)
    process.stderr.write(`\n!!! SKIPPED: ${MISSING}\n\n`)
  }
  return found
}

/** Headless, with a fresh profile that goes when it is closed. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: FLAGS, timeout: 30_000 })
}

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser']
const MISSING = 'no Chromium found for the browser tests. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  // Nobody looks at the pixels: without it a process of its own paints them.
  '--disable-software-rasterizer',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

function onPath(name: string): string | undefined {
  try {
    return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined
  } catch {
    return undefined
  }
}
