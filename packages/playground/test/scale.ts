/** Measures the page with 2,000 messages in one channel: `node packages/playground/test/scale.ts` prints a write, a change of rooms and scrolling. */
import { startPlayground } from '../src/playground.ts'
import { findChromium, openBrowser } from './support/chromium.ts'

const MESSAGES = 2000
const chromium = findChromium()
if (chromium === undefined) process.exit(1)

const playground = await startPlayground()
const browser = await openBrowser(chromium)
try {
  const { you, channels } = playground.stage
  const [project = '', general = ''] = channels
  for (let at = 0; at < MESSAGES; at++) you.send(general, `Message **${at}** with \`code\` and a few words more`)
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(playground.url)
  await page.locator('.welcome').waitFor()

  /** From the change of the address to the next frame with the room in it. */
  const moveTo = (id: string): Promise<number> =>
    page.evaluate(async (place) => {
      const begun = performance.now()
      location.hash = `#/${place}`
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      return performance.now() - begun
    }, id)
  await moveTo(general)
  await moveTo(project)
  const move = await moveTo(general)

  await page.evaluate(() => {
    const longest = { ms: 0 }
    Object.assign(globalThis, { longest })
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration)
    }).observe({ type: 'longtask' })
  })
  const begun = performance.now()
  you.send(general, 'The last word')
  await page.getByText('The last word').waitFor()
  const write = performance.now() - begun
  for (let turn = 0; turn < 6; turn++) await page.locator('#log').evaluate((log) => (log.scrollTop = 0))
  await page.locator('.message').nth(500).waitFor({ state: 'attached' })
  const longest = await page.evaluate(() => (globalThis as unknown as { readonly longest: { readonly ms: number } }).longest.ms)
  const drawn = await page.locator('.message').count()
  process.stdout.write(
    `${MESSAGES} messages: room change ${move.toFixed(0)} ms; a write is seen after ${write.toFixed(0)} ms; ` +
      `longest task ${longest.toFixed(0)} ms, scrolling up to ${drawn} drawn\n`,
  )
} finally {
  await browser.close()
  await playground.stop()
}
