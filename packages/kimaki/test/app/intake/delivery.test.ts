/** I5: a conversation gets its rows in the order of the record, however long one of them is being prepared. */
import { expect, test } from 'vitest'
import { Delivery } from '../../../src/app/intake/delivery.ts'
import type { Log } from '../../../src/ports/host.ts'
import type { InboxRow } from '../../../src/ports/store.ts'
import { quiet } from '../support/until.ts'
import { CHANNEL, inThread, message, projectOf } from './testbed.ts'

function row(order: number, conversation: string): InboxRow {
  const place = { id: conversation, ...projectOf(CHANNEL), inThread: true }
  const request = { kind: 'message', message: message(`row ${order}`, inThread(conversation)) } as const
  return { order, at: 0, request, conversation: place, receipt: 'not-needed', tries: 0, error: undefined }
}

function setUp() {
  const accepted: number[] = []
  const errors: string[] = []
  const log = { error: (line: string) => void errors.push(line) } as Log
  return { accepted, errors, delivery: new Delivery(({ order }) => void accepted.push(order), log) }
}

/** The first row is being prepared while the second, of this conversation, is handed in. */
async function deliverTwo(conversationOfSecond: string) {
  const bed = setUp()
  const prepared = Promise.withResolvers<InboxRow | undefined>()
  bed.delivery.deliver(row(1, 'a'), async () => prepared.promise)
  bed.delivery.deliver(row(2, conversationOfSecond))
  await quiet(2)
  return { ...bed, prepared }
}

test('a row waits for the one before it in its conversation', async () => {
  const { accepted, prepared } = await deliverTwo('a')
  expect(accepted).toEqual([])
  prepared.resolve(row(1, 'a'))
  await quiet(2)
  expect(accepted).toEqual([1, 2])
})

test('red control: in two conversations the later row overtakes', async () => {
  const { accepted } = await deliverTwo('b')
  expect(accepted).toEqual([2])
})

test('a row that is not to be delivered lets the next one go', async () => {
  const { accepted, prepared } = await deliverTwo('a')
  prepared.resolve(undefined)
  await quiet(2)
  expect(accepted).toEqual([2])
})

test('a row whose preparation breaks is logged, and lets the next one go', async () => {
  const { accepted, errors, prepared } = await deliverTwo('a')
  prepared.reject(new Error('broken'))
  await quiet(2)
  expect(accepted).toEqual([2])
  expect(errors).toEqual(['a row did not reach its conversation'])
})

test('a stop is no defect', async () => {
  const { errors, prepared } = await deliverTwo('a')
  prepared.reject(new DOMException('stopped', 'AbortError'))
  await quiet(2)
  expect(errors).toEqual([])
})

test('drained waits for rows that are being prepared', async () => {
  const { accepted, delivery, prepared } = await deliverTwo('a')
  const drained = delivery.drained().then(() => [...accepted])
  prepared.resolve(row(1, 'a'))
  expect(await drained).toEqual([1, 2])
})
