/**
 * Sets up what writes speech down on this machine: libraries and a model, all from packages of the registry that npm is set up for. Into a
 * folder of its own, since most people never need these 80 MB. Done again, it is done once; half done, it counts as not done.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { inheritedEnvironment } from '../../../base/environment.ts'
import { UsageError } from '../../../base/errors.ts'
import { cut, oneLine } from '../../../base/text.ts'
import type { Environment } from '../providers.ts'
import { isInstalled, localFilesIn, type LocalFiles } from './place.ts'

/** Exact: the program in listen.ts knows these. */
const LIBRARIES = {
  'sherpa-onnx-node': '1.13.8',
  'ogg-opus-decoder': '1.7.5',
  'mpg123-decoder': '1.0.3',
  'llama-tokenizer-js': '1.2.2',
}
/** The model lies inside this package, which itself would bring 490 MB that nobody needs here. */
const MODEL = '@moonshine-ai/moonshine-js@0.1.29'
const MODEL_DIGEST = 'sha512-Gx1B3mJcbM68ihSy/LyJEuEkGq7sYMqTb04zNdcIeidU0URVlSmXP0GyiQOTTAqDZQXlIC7k+bky+FdXk0UPlg=='
/** Tokens of the model; the tokenizer has names for the first 32,000. */
const TOKENS = 32_768
const PATIENCE_MS = 600_000

/** An error says what failed, and leaves nothing that counts. */
export async function installLocal(dataDir: string, environment: Environment): Promise<undefined | UsageError> {
  const files = localFilesIn(dataDir)
  if (isInstalled(dataDir)) return undefined
  rmSync(files.root, { recursive: true, force: true })
  mkdirSync(join(files.root, 'model'), { recursive: true, mode: 0o700 })
  writeFileSync(join(files.root, 'package.json'), JSON.stringify({ private: true, dependencies: LIBRARIES }))
  const run = async (...args: readonly string[]) => npm(files.root, environment, args)
  const failed = (await run('install', '--ignore-scripts', '--no-audit', '--no-fund')) ?? (await run('pack', MODEL, '--silent'))
  if (failed) return failed
  const model = takeModel(files)
  if (model) return model
  try {
    writeFileSync(files.tokens, tokens(files.root))
  } catch (error) {
    return new UsageError({ reason: `The words of the model could not be read: ${String(error)}` })
  }
  writeFileSync(files.complete, JSON.stringify({ libraries: LIBRARIES, model: MODEL }))
  return undefined
}

export function removeLocal(dataDir: string): void {
  // What says that it is complete goes first.
  rmSync(localFilesIn(dataDir).complete, { force: true })
  rmSync(localFilesIn(dataDir).root, { recursive: true, force: true })
}

function npm(cwd: string, environment: Environment, args: readonly string[]): Promise<undefined | UsageError> {
  const env = { ...inheritedEnvironment(environment), npm_config_update_notifier: 'false' }
  return new Promise((resolve) =>
    execFile('npm', args, { cwd, env, timeout: PATIENCE_MS }, (error, _stdout, stderr) => {
      const said = error && (oneLine(stderr) || oneLine(error.message))
      resolve(said ? new UsageError({ reason: `npm ${args.join(' ')} failed: ${cut(said, 300)}` }) : undefined)
    }),
  )
}

/** Of the packed package two files are taken, if it is the one we know. */
function takeModel({ root, encoder, decoder }: LocalFiles): undefined | UsageError {
  const packed = join(root, 'moonshine-ai-moonshine-js-0.1.29.tgz')
  const bytes = readFileSync(packed)
  const digest = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  if (digest !== MODEL_DIGEST) return new UsageError({ reason: `${MODEL} is not the package that Kimaki knows: ${digest}` })
  const wanted = new Map([encoder, decoder].map((path) => [basename(path), path]))
  for (const { name, data } of entriesOf(gunzipSync(bytes))) {
    const path = name.startsWith('package/dist/model/tiny/quantized/') ? wanted.get(basename(name)) : undefined
    if (path === undefined) continue
    writeFileSync(path, data)
    wanted.delete(basename(name))
  }
  rmSync(packed)
  return wanted.size === 0 ? undefined : new UsageError({ reason: `${MODEL} lacks ${[...wanted.keys()].join(' and ')}.` })
}

/** POSIX ustar: blocks of 512 bytes, a header before each file. Names of this package are short. */
function* entriesOf(tar: Buffer): Generator<{ readonly name: string; readonly data: Buffer }> {
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const text = (from: number, to: number): string => tar.toString('latin1', at + from, at + to).replace(/\0.*$/s, '')
    const size = Number.parseInt(text(124, 136), 8)
    const prefix = text(345, 500)
    yield { name: (prefix === '' ? '' : `${prefix}/`) + text(0, 100), data: tar.subarray(at + 512, at + 512 + size) }
    at += 512 + Math.ceil(size / 512) * 512
  }
}

/** A line for each token, in base64: bytes that stand for themselves are written `<0x0A>`. */
function tokens(root: string): string {
  const file = readFileSync(join(root, 'node_modules', 'llama-tokenizer-js', 'llama-tokenizer.js'), 'utf8')
  // A module of ECMAScript without imports, which `require` of a folder without `type` would not read.
  const path = join(root, 'model', 'tokenizer.mjs')
  writeFileSync(path, file)
  const loaded = createRequire(path)(path) as { readonly default: { readonly vocabById: readonly string[] } }
  rmSync(path)
  const { vocabById } = loaded.default
  const lines = Array.from({ length: TOKENS }, (_, id) => {
    const token = vocabById[id] ?? `<st${id}>`
    const byte = /^<0x([\dA-F]{2})>$/.exec(token)?.[1]
    const bytes = byte === undefined ? Buffer.from(token) : Buffer.from(byte, 'hex')
    return `${bytes.toString('base64')}\t${id}\n`
  })
  return lines.join('')
}
