/** Whom the page speaks as, what one sends and what one has begun to write, in the browser that `playground.test.ts` has started. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { botMessages, footer, writeInChannel, writeOn } from '../support/page.ts'
import type { House } from './proof.ts'

async function speakAs(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^You speak as/ }).click()
  await page.locator('#cast button', { hasText: name }).click()
  await page.getByRole('button', { name: `You speak as ${name}` }).waitFor()
}

/** What axe finds serious in what is shown now. */
async function troublesOf(page: Page): Promise<readonly unknown[]> {
  const { violations } = await page.evaluate(async () => (globalThis as unknown as { readonly axe: typeof axe }).axe.run())
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
}

export function peopleSuite(house: () => House): void {
  it('speaks as several people: the role Kimaki is answered; who is blocked and another bot are not even heard', async () => {
    const { page, playground } = house()
    await speakAs(page, 'Mary')
    const thread = await writeInChannel(page, 'Run the tests for me')
    await footer(page).waitFor()
    for (const name of ['Alan', 'Herald']) {
      await speakAs(page, name)
      await writeOn(page, `${name} was here`)
      await page.getByText(`${name} was here`).waitFor()
    }
    // Whatever is written after theirs is answered: theirs had their chance.
    await speakAs(page, 'Ada')
    await writeOn(page, 'What is in this project?')
    await footer(page).nth(1).waitFor()
    const heard = playground.model.log.flatMap(({ userTexts }) => userTexts).join('\n')
    expect(heard).toContain('Run the tests for me')
    expect(heard).not.toContain('was here')
    expect(await footer(page).count()).toBe(2)
    expect(playground.emulator.world.messages(thread).map(({ author }) => author.username)).toEqual(
      expect.arrayContaining(['alan', 'Herald']),
    )
  })

  it('keeps an edit that is being written when its message changes, and the focus where one writes', async () => {
    const { page, playground } = house()
    const own = page.locator('.message[data-by="person"]', { hasText: 'What is in this project?' }).last()
    await own.hover()
    await own.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Edit the message').fill('half of a thou')
    const thread = new URL(page.url()).hash.slice('#/'.length)
    const field = page.getByLabel('Edit the message')
    const id = await page.locator('.message', { has: field }).getAttribute('data-id')
    playground.stage.you.react(thread, id ?? '', '👍')
    await page.getByText('👍 1').waitFor()
    expect(await field.inputValue()).toBe('half of a thou')
    expect(await field.evaluate((one) => one === document.activeElement)).toBe(true)
    await field.press('Escape')
    expect(await page.locator('#composer-text').evaluate((one) => one === document.activeElement)).toBe(true)
  })

  it('makes a file of a text that is too long, counts letters, and sends a double click on an example once', async () => {
    const { page, playground } = house()
    const composer = page.locator('#composer-text')
    const thread = new URL(page.url()).hash.slice('#/'.length)
    const sent = () => playground.emulator.world.messages(thread).filter(({ author }) => author.username === 'ada')
    await composer.fill('x'.repeat(2001))
    expect(await page.locator('#counter').innerText()).toBe('-1')
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
    await composer.fill('Run the tests on this')
    await composer.evaluate((field) => {
      const pasted = new DataTransfer()
      pasted.setData('text/plain', 'y'.repeat(5000))
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true, cancelable: true }))
    })
    await page.getByRole('button', { name: 'Leave out message.txt' }).waitFor()
    await composer.press('Enter')
    await footer(page).nth(2).waitFor()
    expect(sent().at(-1)).toMatchObject({
      content: 'Run the tests on this',
      attachments: [{ filename: 'message.txt', size: 5000 }],
    })
    const before = sent().length
    await page.getByRole('button', { name: 'Table', exact: true }).dblclick()
    await botMessages(page).filter({ hasText: 'Four teas, side by side' }).waitFor()
    expect(sent().length).toBe(before + 1)
  })

  it('is legible to everybody, with each of its sheets; enlarged to 400 % there is room for messages', async () => {
    const { page } = house()
    await page.evaluate(axe.source)
    expect(await troublesOf(page)).toEqual([])
    for (const sheet of ['#verdict', '#break', '.you']) {
      await page.locator(sheet).click()
      expect(await troublesOf(page)).toEqual([])
      await page.keyboard.press('Escape')
    }
    await page.setViewportSize({ width: 320, height: 200 })
    expect((await page.locator('#log').boundingBox())?.height).toBeGreaterThan(100)
    await page.setViewportSize({ width: 640, height: 400 })
    expect((await page.locator('#log').boundingBox())?.height).toBeGreaterThan(100)
    await page.setViewportSize({ width: 1280, height: 800 })
  })
}
