/** The page as a person uses it. */
import type { Page } from 'playwright-core'

const composer = (page: Page) => page.locator('#composer-text')
export const botMessages = (page: Page) => page.locator('.message[data-by="bot"]')
/** The line below a finished answer. */
export const footer = (page: Page) => page.locator('.message.footer')
export const status = (page: Page) => page.locator('#status')

/** Writes in the first channel and waits for the thread to open by itself; resolves with the thread's id. */
export async function writeInChannel(page: Page, text: string): Promise<string> {
  await page.locator('#places .channel a').first().click()
  await page.locator('.welcome').waitFor()
  await composer(page).fill(text)
  await composer(page).press('Enter')
  await page.locator('.thread-title').waitFor()
  return new URL(page.url()).hash.slice('#/'.length)
}

/** Writes on in the thread that is open. */
export async function writeOn(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}
