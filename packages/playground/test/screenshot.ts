/** Takes the picture for the README: `node packages/playground/test/screenshot.ts` writes `docs/playground.png`. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPlayground } from '../src/playground.ts'
import { findChromium, openBrowser } from './support/chromium.ts'
import { footer, writeInChannel } from './support/page.ts'

const picture = process.argv[2] ?? fileURLToPath(new URL('../../../docs/playground.png', import.meta.url))
const chromium = findChromium()
if (chromium === undefined) process.exit(1)

const playground = await startPlayground()
const browser = await openBrowser(chromium)
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.25 })
  await page.goto(playground.url)
  for (const prompt of ['What is in this project?', 'Run the tests', 'Write a file that formats times']) {
    await writeInChannel(page, prompt)
    await footer(page).waitFor()
  }
  await page.locator('#composer-text').blur()
  await page.mouse.move(640, 20)
  mkdirSync(dirname(picture), { recursive: true })
  await page.screenshot({ path: picture })
  process.stdout.write(`${picture}: ${Math.round(statSync(picture).size / 1000)} kB\n`)
} finally {
  await browser.close()
  await playground.stop()
}
