/** Since when sessions of terminals are shown. */
import { expect, test } from 'vitest'
import { newFile, open } from './support.ts'

test('from the first look or the link of the folder on, whichever is later; the first look is remembered', async () => {
  const file = newFile()
  const before = Date.now()
  const first = open(file)
  await first.linkProject({ channelId: '1', guildId: '2', directory: '/p' }, undefined)
  expect((await first.mirroredSince(1000)).get('/p')).toBeGreaterThanOrEqual(before)
  await first.close()
  const since = (await open(file).mirroredSince(9e15)).get('/p')
  expect(since).toBeLessThan(9e15)
})
