import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Book } from '../src/store/book.ts'
import type { UserMessage } from '../src/store/shapes.ts'

const message = (id: string, created: number): UserMessage => ({
  id,
  role: 'user',
  sessionID: 'ses_1',
  time: { created },
  agent: 'build',
  model: { providerID: 'p', modelID: 'm' },
})

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'book-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'ses_1.jsonl')
}

const ids = (book: Book): readonly string[] => book.messages().map(({ info }) => info.id)

test('a message that is timed anew keeps its place; removed and written again it is the last', () => {
  const book = new Book(newFile())
  book.write({ message: message('msg_b', 1) })
  book.write({ message: message('msg_a', 2) })
  book.write({ message: message('msg_b', 3) })
  expect(ids(book)).toEqual(['msg_b', 'msg_a'])
  book.write({ removed: 'msg_b' })
  book.write({ message: message('msg_b', 4) })
  expect(ids(book)).toEqual(['msg_a', 'msg_b'])
})

test('what another has written is read; a line that was cut off takes nothing along', () => {
  const file = newFile()
  const [book, other] = [new Book(file), new Book(file)]
  book.write({ message: message('msg_1', 1) })
  expect(ids(other)).toEqual(['msg_1'])
  appendFileSync(file, '{"message":{"id":"msg_to')
  other.write({ message: message('msg_2', 2) })
  expect([ids(book), ids(other), ids(new Book(file))]).toEqual([ids(other), ['msg_1', 'msg_2'], ['msg_1', 'msg_2']])
})
