/** The page of a diff as HTML: what its policy allows, what stays text, and how a large one is packed and cut. */
import { createHash, randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { documentsOf } from '../../../src/host/diff-page/document.ts'
import type { DiffProgram } from '../../../src/host/diff-page/program.ts'
import type { PageData, PageFile } from '../../../src/view/diff/page.ts'

const hash = (code: string): string => `sha256-${createHash('sha256').update(code).digest('base64')}`
const program: DiffProgram = {
  boot: 'boot()',
  program: 'cHJvZ3JhbQ==',
  worker: 'd29ya2Vy',
  style: 'p{}',
  hashes: [hash('boot()'), hash('run()')],
  languages: { needs: { ts: ['ts', 'css'] }, grammars: { ts: '{"name":"ts"}', css: '{"name":"css"}' }, ofNames: { ts: 'ts' } },
}
const file = (path: string, patch: string): PageFile => ({
  path,
  status: 'changed',
  added: 1,
  deleted: 0,
  shown: { kind: 'patch', patch, language: 'ts' },
})
const data = (...files: readonly PageFile[]): PageData => ({ title: '<b>', what: 'w', files })

const held = (html: string, id: string): string => new RegExp(`id="${id}">([^<]*)<`).exec(html)?.[1] ?? ''
const unpacked = (html: string, id: string): unknown => JSON.parse(gunzipSync(Buffer.from(held(html, id), 'base64')).toString())

test('loads nothing from anywhere, and runs the two scripts that its policy names', () => {
  const [html = ''] = documentsOf(program, data(file('a.ts', 'x')), { limitBytes: 1_000_000, pagesMax: 2 })
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]
  expect(policy).toBe(
    `default-src 'none'; script-src ${program.hashes.map((one) => `'${one}'`).join(' ')}; worker-src blob:; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`,
  )
  expect(html.match(/<script>[^<]*<\/script>/g)).toEqual(['<script>boot()</script>'])
  expect(html).not.toMatch(/src=|href=|https?:/)
  expect(unpacked(html, 'grammars')).toEqual({ ts: [{ name: 'ts' }, { name: 'css' }] })
})

test('what stands in files and names never becomes markup', () => {
  const hostile = '</script><script>alert(1)</script><!--'
  const [html = ''] = documentsOf(program, data(file(hostile, hostile)), { limitBytes: 1_000_000, pagesMax: 2 })
  expect(html).not.toContain('alert(1)</script>')
  expect(html).toContain('<title>Diff of &lt;b&gt;</title>')
  expect(JSON.parse(held(html, 'data').replaceAll('\\u003c', '<'))).toMatchObject({
    files: [{ path: hostile, shown: { patch: hostile } }],
  })
})

test('what does not fit is packed, then cut into pages that say which they are; what fits on none is only named', () => {
  const same = 'a'.repeat(20_000)
  const [packed = '', ...none] = documentsOf(program, data(file('a', same)), { limitBytes: 5000, pagesMax: 2 })
  expect(none).toEqual([])
  expect(unpacked(packed, 'packed-data')).toMatchObject({ files: [{ shown: { patch: same } }] })

  const noise = (): string => randomBytes(3000).toString('base64')
  const files = Array.from({ length: 6 }, (_, n) => file(`f${n}`, noise()))
  const pages = documentsOf(program, data(...files, file('large', randomBytes(20_000).toString('base64'))), {
    limitBytes: 16_000,
    pagesMax: 10,
  })
  expect(Math.max(...pages.map((html) => Buffer.byteLength(html)))).toBeLessThanOrEqual(16_000)
  const read = pages.map((html) => unpacked(html, 'packed-data') as PageData)
  expect(read.map(({ part }) => part)).toEqual(pages.map((_, index) => ({ number: index + 1, of: pages.length })))
  const shown = read.flatMap((page) => page.files)
  expect(shown.map(({ path }) => path)).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'large'])
  expect(shown.map(({ shown: { kind } }) => kind)).toEqual([...files.map(() => 'patch'), 'named'])

  const two = documentsOf(program, data(...files), { limitBytes: 10_000, pagesMax: 2 })
  expect(two).toHaveLength(2)
  const all = two.flatMap((html) => (unpacked(html, 'packed-data') as PageData).files)
  expect(all.map(({ path }) => path)).toEqual(files.map(({ path }) => path))
})
