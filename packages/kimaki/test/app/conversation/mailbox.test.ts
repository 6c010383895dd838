/** Work for one conversation: in order, one piece at a time, and nothing more after the stop. */
import { describe, expect, test } from 'vitest'
import { Mailbox } from '../../../src/app/conversation/mailbox.ts'
import { quiet } from '../support/until.ts'

const aborted = (): unknown => AbortSignal.abort().reason

function setUp({ ready = async () => true }: { ready?: () => Promise<boolean> } = {}) {
  const begun: string[] = []
  const ended: string[] = []
  const crashes: unknown[] = []
  const gates = new Map<string, PromiseWithResolvers<void>>()
  const gate = (work: string): PromiseWithResolvers<void> => {
    const known = gates.get(work) ?? Promise.withResolvers<void>()
    gates.set(work, known)
    return known
  }
  const mailbox = new Mailbox<string>(
    ready,
    async (work) => {
      begun.push(work)
      await gate(work).promise
      ended.push(work)
    },
    (error) => void crashes.push(error),
  )
  return {
    mailbox,
    begun,
    ended,
    crashes,
    end: (work: string) => gate(work).resolve(),
    fail: (work: string, error: unknown) => gate(work).reject(error),
  }
}

describe('what is pushed', () => {
  test('is taken in its order, the next one when the one before has ended', async () => {
    const { mailbox, begun, ended, end } = setUp()
    for (const work of ['one', 'two', 'three']) mailbox.push(work)
    await quiet(3)
    expect([begun, ended]).toEqual([['one'], []])
    end('two')
    await quiet(3)
    expect(begun).toEqual(['one'])
    end('one')
    end('three')
    await quiet(3)
    expect(ended).toEqual(['one', 'two', 'three'])
    expect(mailbox.isIdle).toBe(true)
  })

  test('waits until the owner is ready, which is asked before each piece', async () => {
    const answers = [false, false, true, false, true, true]
    const asked: boolean[] = []
    const { mailbox, begun, end } = setUp({
      ready: async () => {
        const answer = answers.shift() ?? true
        asked.push(answer)
        return answer
      },
    })
    end('one')
    end('two')
    mailbox.push('one')
    mailbox.push('two')
    await quiet(3)
    expect(begun).toEqual(['one', 'two'])
    expect(asked).toEqual([false, false, true, false, true, true])
  })

  test('by the owner while it gets ready begins nothing by itself, and can be taken out', async () => {
    const { mailbox, begun } = setUp()
    mailbox.add('one', 'two')
    await quiet(3)
    expect(begun).toEqual([])
    expect(mailbox.takeAll()).toEqual(['one', 'two'])
    mailbox.start()
    await quiet(3)
    expect([begun, mailbox.isIdle]).toEqual([[], true])
  })
})

describe('a throw', () => {
  test('reaches the owner, and the next piece is taken', async () => {
    const { mailbox, begun, crashes, fail } = setUp()
    mailbox.push('one')
    mailbox.push('two')
    fail('one', new Error('broken'))
    await quiet(3)
    expect(crashes).toEqual([new Error('broken')])
    expect(begun).toEqual(['one', 'two'])
    expect(mailbox.isStopped).toBe(false)
  })

  test('of an AbortError stops it: nothing more is taken, now or later', async () => {
    const { mailbox, begun, fail } = setUp()
    mailbox.push('one')
    mailbox.push('two')
    fail('one', aborted())
    await quiet(3)
    mailbox.push('three')
    await quiet(3)
    expect(begun).toEqual(['one'])
    expect([mailbox.isStopped, mailbox.isIdle]).toEqual([true, true])
  })
})

test('a stop resolves when the piece under way has ended, and no other is begun', async () => {
  const { mailbox, begun, ended, end } = setUp()
  mailbox.push('one')
  mailbox.push('two')
  await quiet(3)
  let isOver = false
  const stopping = mailbox.stop().then(() => (isOver = true))
  await quiet(3)
  expect(isOver).toBe(false)
  end('one')
  await stopping
  mailbox.push('three')
  await quiet(3)
  expect([begun, ended]).toEqual([['one'], ['one']])
})
