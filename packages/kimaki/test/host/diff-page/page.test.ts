/** The page of a diff, in a browser: on a desk and on a phone, from a file, with nothing of the network. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangedFile } from '../../../src/domain/changes.ts'
import { findChromium, openBrowser } from '../../support/browser.ts'
import { changedFile } from '../../support/changed-file.ts'
import { writeDiffPage, type DiffPage } from './written-page.ts'

const chromium = findChromium()

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC'
/** It must stay text wherever it stands. */
const HOSTILE = `</script><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`

const named = (path: string, why: 'secret' | 'binary'): ChangedFile => ({
  path,
  status: 'added',
  added: 0,
  deleted: 0,
  content: { kind: 'named', why },
})

const FILES: readonly ChangedFile[] = [
  { path: 'art/leaf.png', status: 'changed', added: 0, deleted: 0, content: { kind: 'images', before: PIXEL, after: PIXEL } },
  changedFile('src/deep/only/brew.ts', ['const cups = 1 // small'], ['const cups = 2 // small', `const html = '${HOSTILE}'`]),
  changedFile(`src/<img src=x onerror=window.hacked=1>.ts`, ['a'], ['b']),
  changedFile('package-lock.json', ['{ "version": 1 }'], ['{ "version": 2 }']),
  named('.env', 'secret'),
]

describe.skipIf(chromium === undefined)('the page of a diff in a browser', () => {
  const troubles: string[] = []
  let browser: Browser
  let written: DiffPage

  beforeAll(async () => {
    ;[written, browser] = await Promise.all([writeDiffPage(FILES, `garden ${HOSTILE}`), openBrowser(chromium ?? '')])
  })

  afterAll(async () => {
    await browser?.close()
    written?.remove()
  })

  async function open(width: number, height: number, url = written.url): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
    page.setDefaultTimeout(40_000)
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('console', (message) => void (message.type() === 'error' && troubles.push(message.text())))
    page.on('request', (request) => void (/^(?:file|blob|data):/.test(request.url()) || troubles.push(request.url())))
    await page.goto(url)
    await page.locator('main diffs-container').first().waitFor()
    return page
  }

  const look = async (page: Page, name: string): Promise<void> => {
    const folder = process.env['SCREENSHOTS']
    if (folder) writeFileSync(join(folder, `${name}.png`), await page.screenshot())
  }

  async function serious(page: Page): Promise<readonly string[]> {
    // The policy of the page lets no script in but its own.
    const session = await page.context().newCDPSession(page)
    await session.send('Runtime.evaluate', { expression: axe.source })
    const { violations } = await page.evaluate(async () => (window as unknown as { axe: typeof axe }).axe.run())
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => JSON.stringify(target)).join(' ')}`)
  }

  it('shows files, words and colours on a desk, side by side, and everything by keys', async () => {
    const page = await open(1280, 800)
    const lines = page.locator('main')
    expect(await page.locator('nav li.file').count()).toBe(FILES.length)
    expect(await page.getByText('src/', { exact: true }).count()).toBe(1)
    await lines.getByText('const').first().waitFor()
    // Syntax: words have colours once the worker has read the file.
    await lines.locator('[data-line] span[style*="--diffs-token"], [data-line] span[style]').first().waitFor()
    expect(await page.locator('#split').getAttribute('aria-pressed')).toBe('true')
    expect(await page.locator('figure img').count()).toBe(2)
    expect(await page.getByText('Only named: by its name').count()).toBe(1)
    expect(await lines.getByText('"version"').count()).toBe(0)
    await look(page, 'desk')
    expect(await serious(page)).toEqual([])

    await page.keyboard.press('j')
    expect(await page.locator('[aria-current]').getAttribute('data-path')).toBe(FILES[1]?.path)
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await page.locator('[aria-current]').getAttribute('data-path')).toBe('package-lock.json')
    await page.keyboard.press('x')
    await lines.getByText('"version"').first().waitFor()
    await page.keyboard.press('s')
    expect(await page.locator('#split').getAttribute('aria-pressed')).toBe('false')
    await page.keyboard.press('t')
    await page.keyboard.press('t')
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await look(page, 'desk-dark')
    expect(await serious(page)).toEqual([])
    await page.close()
  })

  it('fits a phone: one column, wrapped, with the files behind a button', async () => {
    const page = await open(390, 844)
    expect(await page.locator('#wrap').getAttribute('aria-pressed')).toBe('true')
    expect(await page.locator('#split').getAttribute('aria-pressed')).toBe('false')
    await look(page, 'phone')
    expect(await serious(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(await page.locator('nav').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Files', exact: true }).click()
    await look(page, 'phone-files')
    await page.getByRole('searchbox').fill('brew')
    expect(await page.locator('nav li.file:visible').count()).toBe(1)
    await page.locator('nav li.file:visible button').click()
    expect(await page.locator('nav').isVisible()).toBe(false)
    await page.locator('main').getByText('const').first().waitFor()
    await page.close()
  })

  it('draws of 20,000 changed lines those that can be seen', async () => {
    const many = Array.from({ length: 40 }, (_, file) => {
      const lines = Array.from({ length: 250 }, (__, n) => `export const value${n} = compute(${n}, 'file ${file}')`)
      return changedFile(
        `src/part-${file}.ts`,
        lines,
        lines.map((line) => line.replace('compute', 'brew')),
      )
    })
    const large = await writeDiffPage(many)
    const page = await open(1280, 800, large.url)
    expect(await page.locator('header .counts').innerText()).toBe('40 files +10000 −10000')
    const drawn = () => page.locator('main [data-line]').count()
    await expect.poll(drawn).toBeGreaterThan(10)
    expect(await drawn()).toBeLessThan(2000)
    await page.locator('nav li.file button').last().click()
    await page.locator('main').getByText("'file 39'").first().waitFor()
    expect(await drawn()).toBeLessThan(2000)
    await page.close()
    large.remove()
  })

  it('ran nothing that stood in a file or its name, and asked nobody for anything', async () => {
    const page = await open(1280, 800)
    await page.locator('main').getByText('onerror').first().waitFor()
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(
      await page.locator('img').evaluateAll((images) => images.map((image) => image.getAttribute('src')?.slice(0, 10))),
    ).toEqual(['data:image', 'data:image'])
    expect(written.html).not.toContain('<img')
    expect(written.html).toContain("default-src 'none'")
    expect(troubles).toEqual([])
    await page.close()
  })
})
