/** What Discord shows of the Markdown that agents write, as a parser of Discord's dialect reads it that is not ours. */
import { parse } from 'discord-markdown-parser'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inDialect } from '../../../src/discord/layout/dialect.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import { split } from '../../../src/discord/layout/split.ts'

interface Node {
  readonly type: string
  readonly content?: string | readonly Node[]
  readonly lang?: string
  readonly level?: number
}

const wordsOf = ({ content = '' }: Node): string => (typeof content === 'string' ? content : seen(content))

const LEAVES: Readonly<Record<string, string>> = { br: '\n', user: '@', channel: '#', role: '&', timestamp: '⏰', emoji: ':)' }

/** One line of what a reader sees: `js[code]` is a block of code, `(code)` code in a line, `h3{…}` a heading, `q{…}` a quote. */
function seen(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      const { type, lang = '', level } = node
      if (type === 'codeBlock') return `${lang}[${wordsOf(node)}]`
      if (type === 'inlineCode') return `(${wordsOf(node).trim()})`
      const inside = wordsOf(node)
      const [mark] = [{ heading: `h${level}`, blockQuote: 'q', spoiler: 's', url: 'u' }[type]]
      return mark === undefined ? (LEAVES[type] ?? inside) : `${mark}{${inside}}`
    })
    .join('')
    .replaceAll('\u200B', '')
}
const shown = (text: string): string => seen(parse(text))

const CASES: readonly (readonly [string, string, string])[] = [
  ['a fence', '```ts\nlet a\n```\nend', 'ts[let a]\nend'],
  ['a README in four backticks', '````md\n# A\n```sh\nnpm i\n```\n````\nend', 'md[# A\n```sh\nnpm i\n```]\nend'],
  ['five around four around three', '`````\n````\n```\nx\n```\n````\n`````', '[````\n```\nx\n```\n````]'],
  ['tildes', '~~~py\nx\n~~~\nend', 'py[x]\nend'],
  ['tildes around backticks', '~~~\n```js\nx\n```\n~~~', '[```js\nx\n```]'],
  ['backticks around tildes', '```\n~~~\nx\n~~~\n```', '[~~~\nx\n~~~]'],
  ['a language with attributes', '```ts title="a b" {1,3}\nx\n```', 'ts[x]'],
  ['attributes alone', '```{.python .numbers}\nx\n```', 'python[x]'],
  ['a language behind a blank', '``` c++ \nx\n```', 'c++[x]'],
  ['a language with braces', '```js{1,3}\nx\n```', 'js[x]'],
  ['what is no language', '```¡hola!\nx\n```', '[x]'],
  ['a fence in a list', '- a\n  ```sh\n  #### x\n    y\n  ```\n- b', '- a\nsh[#### x\n  y]\n- b'],
  ['a fence behind a list mark', '1. ```js\n   a\n   ```\n2. b', '1. js[a]\n2. b'],
  ['a fence in a quote', '> ```js\n> x\n> ```\nend', 'q{js[x]\n}end'],
  ['a fence in a quote in a quote', '> > ```js\n> > x\n> > ```\nend', 'q{js[x]\n}end'],
  ['a fence that ends with its quote', '> ```\n> x\nend', 'q{[x]\n}end'],
  ['a fence opened in a line', 'say ```js\nx\n``` after', 'say\njs[x]\nafter'],
  ['a fence opened in a line, with its first code', 'say ```let a\nlet b```.', 'say\n[let a\nlet b]\n.'],
  ['a fence opened in a quoted line', '> say ```js\n> x\n> ``` y\nz', 'q{say\njs[x]\ny\n}z'],
  ['a fence closed behind its code', '```js\nfoo()```\nend', 'js[foo()]\nend'],
  ['a fence closed behind its code, and another', '```js\nfoo()```\nand\n```py\nx\n```', 'js[foo()]\nand\npy[x]'],
  ['a fence that nothing closes', '```js\nx', 'js[x]'],
  ['a fence without code', 'a\n```js\n\n```\nb', 'a\nb'],
  ['three backticks around code in a line', 'say ```x``` now', 'say (x) now'],
  ['four backticks around three in a line', 'say ````a```b```` now', 'say (a```b) now'],
  ['two backticks around three', '`` ``` `` fences', '(```) fences'],
  ['three backticks that fence nothing', 'type ``` to fence', 'type ``` to fence'],
  ['three backticks that fence nothing, before a fence', 'open ```\n```js\nx\n```', 'open ```\njs[x]'],
  ['escaped backticks', String.raw`\`\`\`js` + '\nx', '```js\nx'],
  ['a prompt of Python', '>>> 1 + 1\n2\nend', '>>> 1 + 1\n2\nend'],
  ['a prompt of Python in code', '```\n>>> 1 + 1\n```', '[>>> 1 + 1]'],
  ['a deep heading', '#### four\n###### six', 'h3{four}h3{six}'],
  ['what looks like one in code', '~~~sh\n#### x\n~~~\n#### y', 'sh[#### x]\nh3{y}'],
  ['no heading', '####### seven\n####none\nin a line #### no', '####### seven\n####none\nin a line #### no'],
]

describe('Discord shows as it was meant', () => {
  test.each(CASES)('%s', (_what, text, expected) => {
    expect(shown(inDialect(text))).toBe(expected)
    expect(shown(layout([{ key: 'a', text, closed: true, notify: false }])[0]?.content ?? '')).toBe(expected)
    // Said in Discord's dialect, a text says the same again.
    expect(shown(inDialect(inDialect(text)))).toBe(expected)
  })

  test('red control: without the dialect most of them are shown otherwise', () => {
    expect(CASES.filter(([, text, expected]) => shown(text) !== expected).length).toBeGreaterThan(CASES.length / 2)
  })

  test('a quoted deep heading is quoted still', () => {
    expect(inDialect('> #### quoted')).toBe('> ### quoted')
  })

  test('fences that were cut are fences in each message, whatever stands in the code', () => {
    const line = fc.constantFrom('code', '```', '```js', '~~~', '````', '> x', '>>> x', '#### x', 'a ``` b', '`', '')
    const fence = fc.tuple(
      fc.constantFrom('`````', '~~~~~'),
      fc.constantFrom('', 'ts', 'ts x="y"'),
      fc.array(line, { minLength: 1, maxLength: 60 }),
    )
    fc.assert(
      fc.property(fence, fc.integer({ min: 60, max: 400 }), ([marker, info, code], limit) => {
        const text = `p\n${marker}${info}\ncode\n${code.join('\n')}\ncode\n${marker}\np`
        const nodes = split(inDialect(text), limit).flatMap((chunk) => parse(chunk) as readonly Node[])
        const inside = nodes.filter(({ type }) => type === 'codeBlock').map(wordsOf)
        const outside = nodes.filter(({ type }) => type !== 'codeBlock').map((node) => seen([node]))
        expect(letters(inside.join(''))).toBe(letters(`code${code.join('')}code`))
        expect(outside.join('').replaceAll(/\s/g, '')).toBe('pp')
      }),
      { numRuns: 500 },
    )
  })

  test('a hundred thousand marks are read in time that grows with them', () => {
    const cost = (unit: string, times: number): number => {
      const before = process.threadCpuUsage()
      inDialect(unit.repeat(times))
      return process.threadCpuUsage(before).user / 1000
    }
    for (const unit of ['``` ', '```js\n', 'x```y\n', '> ```js\n', '```js a```\n', '\\', '>>> ', '`````\n````\n'])
      expect([unit, cost(unit, 20_000) < 2000]).toEqual([unit, true])
  })
})

const letters = (text: string): string => text.replaceAll(/[\s\u200B]/g, '')

describe('over a hard cut', () => {
  const filler = (length: number): string => 'x'.repeat(length)

  test.each([
    ['a link', '[the docs of it](https://example.com/a_b?c=d(e))'],
    ['an address', 'https://example.com/a/very/long/path?with=query'],
    ['an address without preview', '<https://example.com/a/very/long/path>'],
    ['a mention', '<@123456789012345678>'],
    ['a role', '<@&123456789012345678>'],
    ['a channel', '<#123456789012345678>'],
    ['a time', '<t:1700000000:R>'],
    ['an emoji', '<:party_parrot:123456789012345678>'],
    ['a command', '</abort now:123456789012345678>'],
    ['a spoiler', '||the butler, with the candle stick||'],
    ['code in a line', '`const a = b + c + d + e`'],
    ['code with backticks', '`` a ` b ` c ``'],
  ])('%s stays whole', (_what, token) => {
    for (let before = 0; before < 70; before += 1) {
      for (const text of [
        `${filler(before)}${token}<${filler(70)}`,
        `${filler(before)} ${token} words and more of them behind it`,
      ]) {
        const chunks = split(text, 60)
        expect([before, chunks.filter((chunk) => chunk.includes(token)).length]).toEqual([before, 1])
        expect(chunks.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      }
    }
  })

  test('what is longer than a message is cut like any line', () => {
    expect(split(`[a](https://x.com/${filler(100)})`, 50).every(({ length }) => length <= 50)).toBe(true)
    expect(split(`\`${filler(100)}\``, 50)).toHaveLength(3)
  })

  test('in a fence nothing is a link', () => {
    expect(split(`\`\`\`\n${filler(25)}[a](https://x.com/y)\n\`\`\``, 48)[0]).toBe(`\`\`\`\n${filler(25)}[a](https://x.c\n\`\`\``)
  })
})
