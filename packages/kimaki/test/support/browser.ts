/** The browser that the machine has. Tests without one skip, loudly; in CI they fail. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

export function findChromium(): string | undefined {
  const found = process.env['CHROMIUM_PATH'] || PLACES.find((path) => existsSync(path))
  if (found !== undefined) return found
  if (process.env['CI'] === 'true') throw new Error(MISSING)
  process.stderr.write(`\n!!! SKIPPED: ${MISSING}\n\n`)
  return undefined
}

/** Headless, with a fresh profile that goes when it is closed. */
export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, headless: true, timeout: 60_000, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const MISSING = 'no Chromium found for the browser tests. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH'
