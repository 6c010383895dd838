/** The verdict in the status bar and the menu of troubles, in the browser that `playground.test.ts` has started. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Playground } from '../../src/playground.ts'
import { botMessages, footer, writeInChannel } from '../support/page.ts'

export interface House {
  readonly page: Page
  readonly playground: Playground
}

export function proofSuite(house: () => House): void {
  it('judges all of it live, and fails once an answer is taken away by hand', async () => {
    const { page, playground } = house()
    const verdict = page.locator('#verdict')
    await verdict.filter({ hasText: /2 written.*2 answered.*0 lost.*0 doubled.*1 kill/s }).waitFor()
    expect(await verdict.getAttribute('data-holds')).toBe('true')

    const { emulator, stage } = playground
    const thread = await writeInChannel(page, 'Compare the teas in a table')
    await footer(page).waitFor()
    await verdict.filter({ hasText: /3 written.*3 answered.*0 lost/s }).waitFor()
    const answer = emulator.world.messages(thread).findLast((one) => JSON.stringify(one).includes('Four teas, side by side'))
    stage.you.delete(thread, answer?.id ?? '')
    await verdict.filter({ hasText: '1 lost' }).waitFor()
    await verdict.click()
    const finding = page.locator('#findings li')
    expect(await finding.count()).toBe(1)
    expect(await finding.innerText()).toMatch(/lost.*Compare the teas in a table.*has no end in thread/s)
    await page.locator('#places .channel a').first().click()
    await page.locator('.welcome').waitFor()
    await verdict.click()
    await finding.getByRole('link').click()
    expect(new URL(page.url()).hash).toBe(`#/${thread}`)
    expect(await page.locator('#proof').isVisible()).toBe(false)
  })

  it('hears after a cut connection what was written meanwhile; the menu says what will happen, and the bar what lasts', async () => {
    const { page } = house()
    await page.getByRole('button', { name: 'Break it' }).click()
    expect(await page.locator('#trouble-list li').count()).toBe(7)
    await page.getByRole('button', { name: /^Cut the connection/ }).click()
    await page.locator('#lasting', { hasText: /Cut the connection · \d+ s/ }).waitFor()
    await writeInChannel(page, 'Run the tests once more').catch(() => undefined)
    await footer(page).waitFor()
    await page.locator('#lasting:empty').waitFor({ state: 'attached' })
    expect(await botMessages(page).filter({ hasText: 'all 3 tests pass' }).count()).toBe(1)
  })
}
