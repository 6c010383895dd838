import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import axe from 'axe-core'
import { check } from 'checker'
import { MessageType } from 'discord-api-types/v10'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leftovers } from '../src/machine/leftovers.ts'
import { assertConforms, conformance } from 'discord-emulator/conformance'
import { type Playground, startPlayground } from '../src/playground.ts'
import type { Form } from '../src/wire.ts'
import { peopleSuite } from './browser/people.ts'
import { proofSuite } from './browser/proof.ts'
import { builtKimaki } from './support/built-kimaki.ts'
import { findChromium, openBrowser } from './support/chromium.ts'
import { botMessages, footer, status, writeInChannel, writeOn } from './support/page.ts'
import { commandOf, isAlive } from './support/processes.ts'

const chromium = findChromium()

const words = { kind: 'words', placeholder: '', value: '', isOneLine: true, atMost: 100 } as const
const BREWING: Form = {
  title: 'Brew',
  fields: [
    { id: 'cup', label: 'Cup', input: { ...words, atLeast: 1, isOneLine: false } },
    { id: 'minutes', label: 'Minutes', input: { ...words, atLeast: 1 } },
    { id: 'milk', label: 'Milk', input: { ...words, atLeast: 0 } },
  ],
}

describe.skipIf(chromium === undefined)('the playground in a browser', () => {
  const troubles: string[] = []
  const spec = conformance()
  let playground: Playground
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    const [started, opened] = await Promise.all([
      startPlayground({ onExchange: spec.onExchange, kimaki: builtKimaki() }),
      openBrowser(chromium ?? ''),
    ])
    playground = started
    browser = opened
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
    page.setDefaultTimeout(40_000)
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('console', (message) => void (message.type() === 'error' && troubles.push(message.text())))
    await page.goto(playground.url)
  })

  afterAll(async () => {
    await browser?.close()
    await playground?.stop()
    assertConforms(spec)
  })

  it('opens a thread for what is written in the channel, and shows the answer there', async () => {
    const thread = await writeInChannel(page, 'Run the tests #m1')
    await footer(page).waitFor()

    expect(await page.locator('.message[data-by="person"]').innerText()).toContain('Run the tests #m1')
    expect(await page.getByText('bash node --test').count()).toBe(1)
    expect(await botMessages(page).filter({ hasText: 'all 3 tests pass' }).count()).toBe(1)
    const said = playground.emulator.world
      .messages(thread)
      .filter(({ author, type }) => author.bot === true && type === MessageType.Default)
    expect(await botMessages(page).count()).toBe(said.length)
  })

  it('shows the answer once although the bot is killed in the middle of the run', async () => {
    const thread = await writeInChannel(page, 'Do a long task in steps #m2')
    await page.getByText('darjeeling is ready').waitFor()
    const pid = Number(await status(page).getAttribute('data-pid'))
    expect(commandOf(pid)).toContain('kimaki.cjs')
    await page.getByRole('button', { name: 'kill -9 the bot' }).click()

    await page.getByText(`SIGKILL sent to ${pid}`).waitFor()
    await page.getByText(/The bot is back after [\d.]+ s/).waitFor()
    expect(playground.bot.exits).toEqual([{ pid, code: null, signal: 'SIGKILL' }])
    expect(isAlive(pid)).toBe(false)
    await footer(page).waitFor()

    const last = await playground.model.until(
      'the last word',
      ({ step, outcome, userTexts }) => step === 'text' && outcome === 'done' && (userTexts.at(-1) ?? '').includes('#m2'),
    )
    const onPage = (await page.locator('#messages').textContent()) ?? ''
    expect(onPage.split(last.token ?? '').length - 1).toBe(1)
    expect(await page.getByText('All four teas are ready').count()).toBe(1)
    for (const tea of ['sencha', 'darjeeling', 'assam', 'rooibos'])
      expect(await page.getByText(`echo "${tea} is ready"`).count()).toBe(1)
    expect(new URL(page.url()).hash).toBe(`#/${thread}`)
    expect(await status(page).getAttribute('data-pid')).not.toBe(String(pid))
  })

  it('has lost and doubled nothing, as the journal and the log of the model tell', () => {
    const verdict = check({
      journal: playground.emulator.journal.entries,
      model: playground.model.log,
      prompts: /#m\d+/,
      isInterrupted: (content) => content.startsWith('⬦ interrupted'),
      isRefusal: (content) => content.startsWith('✗'),
    })
    expect(verdict.findings).toEqual([])
    expect(verdict).toMatchObject({ messages: 2, answered: 2 })
  })

  proofSuite(() => ({ page, playground }))
  peopleSuite(() => ({ page, playground }))

  it('queues what is written meanwhile: edited and deleted on the page, taken out by its button', async () => {
    await writeInChannel(page, 'Do a long task in steps')
    await page.getByText('sencha is ready').first().waitFor()
    const written = (text: string) => page.locator('.message[data-by="person"]', { hasText: text })
    await writeOn(page, 'Run the tests. queue')
    await page.getByText('queued at position 1').waitFor()
    await writeOn(page, 'Write a file. queue')
    await page.getByText('queued at position 2').waitFor()
    await writeOn(page, 'Fail. queue')
    await page.getByText('queued at position 3').waitFor()

    await page.getByRole('button', { name: 'Remove from queue' }).last().click()
    await page.getByText('taken out of the queue').waitFor()
    await written('Write a file. queue').hover()
    await written('Write a file. queue').getByRole('button', { name: 'Delete' }).click()
    await written('Write a file. queue').waitFor({ state: 'detached' })
    await written('Run the tests. queue').hover()
    await written('Run the tests. queue').getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Edit the message').fill('What is in this project? queue')
    await page.getByLabel('Edit the message').press('Enter')

    await page.getByText('» Ada: What is in this project?').waitFor()
    await page.getByText('git ls-files').waitFor()
    await footer(page).nth(1).waitFor()
    expect(await page.getByText('bash node --test').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Remove from queue' }).count()).toBe(0)
  })

  it('V22: goes on after a reload, without a cookie; another port of this machine is told nothing', async () => {
    const heard: string[] = []
    const other = createServer(({ headers, url }, response) => {
      heard.push(JSON.stringify({ ...headers, url }))
      response.end('<h1>another program</h1>')
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const token = new URL(playground.url).hash.slice('#token='.length)
    const { hash } = new URL(page.url())
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`)
    await page.goBack()
    await page.reload()
    await footer(page).first().waitFor()
    expect(new URL(page.url()).hash).toBe(hash)
    expect(await page.context().cookies()).toEqual([])
    expect(heard.length).toBeGreaterThan(0)
    expect(heard.join()).not.toContain(token)
    other.close()

    const stranger = await browser.newPage()
    await stranger.goto(new URL(playground.url).origin)
    await stranger.getByText('Open the address that the terminal shows').waitFor()
    await stranger.goto(playground.url)
    await status(stranger).getByText('Bot is running').waitFor()
    expect(stranger.url()).not.toContain(token)
    await stranger.close()
  })

  it('leads from a question aside to its thread', async () => {
    await writeOn(page, 'What is in this project? btw')
    const link = page.getByRole('link', { name: 'btw: What is in this project?' }).last()
    await link.click()
    await footer(page).waitFor()
    expect(await page.locator('.thread-title').innerText()).toContain('btw: What is in this project?')
  })

  it('answers what the agent asks: with a button, with ticks in a menu, and with a reason', async () => {
    await writeInChannel(page, 'Make a release, ask me first #m3')
    await page.getByRole('button', { name: 'Minor' }).click()
    for (const part of ['Checksums', 'Signature']) await page.getByLabel(part).check()
    await page.getByRole('button', { name: 'Choose these' }).click()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('Extras: Checksums, Signature').waitFor()
    await page.getByRole('button', { name: 'Deny with a reason' }).click()
    await page.getByLabel('What should the agent do instead?').fill('Tag nothing before noon')
    await page.getByRole('button', { name: 'Submit' }).click()
    await footer(page).waitFor()
    expect(await botMessages(page).filter({ hasText: 'Tag nothing before noon' }).count()).toBeGreaterThan(0)
    expect(await page.getByRole('button', { name: 'Allow once' }).count()).toBe(0)
  })

  it('draws a table and a callout of the agent in boxes, in order with the words around them', async () => {
    await writeInChannel(page, 'Compare the teas in a table #m4')
    await footer(page).waitFor()
    const answer = botMessages(page).filter({ hasText: 'Four teas, side by side' })
    expect(await answer.count()).toBe(1)
    expect(await answer.locator('.container').count()).toBe(2)
    expect(await answer.locator('.container').first().locator('hr').count()).toBe(3)
    expect(await answer.locator('.container .text').nth(1).innerText()).toMatch(/^Tea: Darjeeling\nWater: 90 °C\n/)
    const words = await answer.innerText()
    expect(['side by side', 'Sencha', 'Rooibos', 'Warning', 'forgotten'].map((word) => words.indexOf(word))).toEqual(
      ['side by side', 'Sencha', 'Rooibos', 'Warning', 'forgotten'].map((word) => words.indexOf(word)).toSorted((a, b) => a - b),
    )
  })

  it('lets in one message of a guest, by the button of its card', async () => {
    await page.getByRole('button', { name: 'Guest' }).click()
    await page.getByText('may not speak to the agent').waitFor()
    await page.getByRole('button', { name: 'Let this message in' }).click()
    await page.getByText('Ada let in').waitFor()
    await footer(page).nth(1).waitFor()
    expect(await page.locator('.message[data-by="person"]', { hasText: 'What is in this project?' }).innerText()).toContain(
      'Grace',
    )
    expect(await botMessages(page).filter({ hasText: 'git ls-files' }).count()).toBe(1)
  })

  it('draws a picture that the agent reads, and shows it larger', async () => {
    await writeInChannel(page, 'Show me the picture of times')
    await footer(page).waitFor()
    const widthOf = (image: string) => page.locator(image).evaluate((one) => (one as HTMLImageElement).naturalWidth)
    await expect.poll(() => widthOf('.picture img')).toBe(720)
    await page.getByRole('button', { name: /^Enlarge \S+\.png/ }).click()
    await expect.poll(() => widthOf('#file-picture')).toBe(720)
    await page.getByRole('button', { name: 'Close' }).click()
  })

  it('sends the files that the agent asks for: dropped or chosen, one taken back', async () => {
    await writeInChannel(page, 'Ask me for a tea list')
    await page.getByRole('button', { name: 'Send files…' }).click()
    const field = page.locator('.file-field')
    await field.evaluate((element) => {
      const dropped = new DataTransfer()
      dropped.items.add(new File(['oolong'], 'dropped.txt'))
      element.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true }))
    })
    const chosen = ['chosen.csv', 'wrong.csv'].map((name) => ({ name, mimeType: 'text/csv', buffer: Buffer.from('tea') }))
    await field.locator('input').setInputFiles(chosen)
    await page.getByRole('button', { name: 'Leave out wrong.csv' }).click()
    await page.getByRole('button', { name: 'Submit' }).click()
    await footer(page).waitFor()
    const answer = await botMessages(page).filter({ hasText: 'Thank you' }).innerText()
    expect(answer).toContain('2 files')
    expect(answer).toMatch(/6 uploads\/\S*dropped\.txt/)
    expect(answer).toMatch(/3 uploads\/\S*chosen\.csv/)
    expect(answer).not.toContain('wrong.csv')
  })

  it('writes commands: from the menu, with choices, and an answer that only you see until you dismiss it', async () => {
    const composer = page.locator('#composer-text')
    await composer.pressSequentially('/verb')
    await page.getByRole('option', { name: '/verbosity' }).waitFor()
    await composer.press('Enter')
    const level = page.getByLabel('level')
    await level.selectOption({ label: await level.locator('option', { hasText: 'tools_and_text' }).innerText() })
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('already set').or(page.getByText('from now on')).waitFor()
    expect(await page.locator('.reply', { hasText: '/verbosity' }).innerText()).toMatch(/Ada\s*used/)

    await composer.pressSequentially('/permissions ')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Dismiss message' }).click()
    expect(await page.locator('.only-you').count()).toBe(0)
  })

  it('asks for what is missing in a command, takes what the bot proposes, shows each field of a form, and goes back to text with Escape', async () => {
    const { stage, emulator } = playground
    const brew = {
      name: 'brew',
      description: 'Tea',
      options: [{ type: 3, name: 'tea', description: 'Which', required: true, autocomplete: true }],
    }
    const route = `/v10/applications/${stage.bot.applicationId}/guilds/${stage.guild.id}/commands`
    const headers = { authorization: `Bot ${stage.bot.token}`, 'content-type': 'application/json' }
    await fetch(`${emulator.apiUrl}${route}`, { method: 'POST', headers, body: JSON.stringify(brew) })
    await page.route('**/api/propose', (one) =>
      one.fulfill({ json: { choices: ['Assam', 'Sencha'].map((name) => ({ name, value: name })) } }),
    )
    const sent: unknown[] = []
    await page.route('**/api/command', (one) => {
      sent.push(one.request().postDataJSON())
      return one.fulfill({ json: { id: '1', form: BREWING } })
    })
    await page.route('**/api/fill', (one) => {
      sent.push(one.request().postDataJSON())
      return one.fulfill({ json: { id: '2' } })
    })
    await page.locator('#composer-text').pressSequentially('/bre')
    await page.getByRole('option', { name: '/brew' }).waitFor()
    await page.locator('#composer-text').pressSequentially('w ')
    await page.getByLabel('tea', { exact: true }).press('Escape')
    await page.locator('#composer-text').waitFor()
    await page.locator('#composer-text').pressSequentially('/bre')
    await page.getByRole('option', { name: '/brew' }).click()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('This option is required').waitFor()
    await page.getByRole('option', { name: 'Sencha' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await page.getByLabel('tea', { exact: true }).inputValue()).toBe('Sencha')
    await page.keyboard.press('Enter')
    await page.getByLabel('Cup').fill('the blue one')
    await page.getByRole('button', { name: 'Submit' }).click()
    expect(await page.getByLabel('Minutes').evaluate((field) => field === document.activeElement)).toBe(true)
    await page.getByLabel('Minutes').fill('3')
    await page.getByLabel('Minutes').press('Enter')
    await page.locator('#composer-text').waitFor()
    await expect
      .poll(() => sent)
      .toMatchObject([{ line: 'brew', options: { tea: 'Sencha' } }, { fields: { cup: 'the blue one', minutes: '3', milk: '' } }])
    await page.unrouteAll()
  })

  it('works on a phone, one column with a way back', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.getByRole('link', { name: 'Back to the channels' }).click()
    await page.locator('.room').waitFor({ state: 'hidden' })
    expect(await page.locator('.sidebar').boundingBox()).toMatchObject({ x: 0, y: 0, width: 360 })
    await page.locator('#places .channel a').first().click()
    await page.locator('.sidebar').waitFor({ state: 'hidden' })
    expect(await page.locator('.room').boundingBox()).toMatchObject({ x: 0, y: 0, width: 360 })
    await page
      .getByRole('link', { name: /^Open the thread Run the tests/ })
      .first()
      .click()
    await page.locator('.thread-title').waitFor()
    const width = () => page.evaluate(() => document.documentElement.scrollWidth)
    expect(await width()).toBeLessThanOrEqual(360)
    await page.goBack()
    await page
      .getByRole('link', { name: /^Open the thread Compare the teas/ })
      .last()
      .click()
    await page.locator('.container').first().waitFor()
    expect(await width()).toBeLessThanOrEqual(360)
  })

  it('shows the status page of the bot to whoever has its link, once; it is legible for everybody', async () => {
    const link = await statusLink(playground.dir)
    const tab = await browser.newPage({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' })
    tab.on('pageerror', (error) => troubles.push(error.message))
    tab.on('console', (message) => void (message.type() === 'error' && troubles.push(message.text())))
    await tab.goto(link)
    await tab.getByText('connected to Discord').waitFor()
    await tab
      .getByRole('link', { name: /Run the tests/ })
      .first()
      .waitFor()
    expect(tab.url()).toBe(new URL('/', link).href)
    expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await tab.evaluate(axe.source)
    const { violations } = await tab.evaluate(async () => (globalThis as unknown as { readonly axe: typeof axe }).axe.run())
    const isSerious = ({ impact }: axe.Result): boolean => impact === 'serious' || impact === 'critical'
    expect(violations.filter(isSerious).map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    await tab.reload()
    await tab.getByText('connected to Discord').waitFor()
    expect(await tab.context().cookies()).toEqual([])
    await tab.close()

    const late = await browser.newPage()
    await late.goto(link)
    await late.getByText('This link was used already').waitFor()
    await late.close()
  })

  it('leaves no process behind', async () => {
    const pids = leftovers(playground.dir)
    const commands = pids.map(commandOf).join('\n')
    if (process.platform === 'linux') {
      expect(commands).toContain('kimaki.cjs')
      expect(commands).toMatch(/opencode\S* serve/)
    }
    await playground.stop()
    expect(pids.filter(isAlive)).toEqual([])
    expect(leftovers(playground.dir)).toEqual([])
    expect(playground.bot.exits.at(-1)).toMatchObject({ code: 0 })
    expect(troubles.filter((trouble) => !trouble.includes('ERR_'))).toEqual([])
  })
})

/** As `kimaki status --print` asks for it. */
const statusLink = (dir: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socketPath = join(dir, 'kimaki', 'control.sock')
    const call = request({ socketPath, path: '/status-page', method: 'POST' }, (response) => {
      json(response).then((body) => resolve((body as { readonly link: string }).link), reject)
    })
    call.on('error', reject).end()
  })
