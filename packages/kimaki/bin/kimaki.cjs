#!/usr/bin/env node
// Runs the bundle, or the source where there is no bundle or the source has changed since. Written in plain ES2015 so that an old Node can say what is wrong.
'use strict'
var major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    'kimaki: Node 24 or newer is needed, this is ' +
      process.version +
      '. Install it from https://nodejs.org or with your version manager.\n',
  )
  process.exitCode = 64
} else start()

function start() {
  const { join } = require('node:path')
  const { pathToFileURL } = require('node:url')
  const built = join(__dirname, '..', 'dist', 'entry.js')
  const source = join(__dirname, '..', 'src')
  const entry = isCurrent(built, source) ? built : join(source, 'cli', 'entry.ts')
  // What fails here ends the process with its stack and 1, as it should.
  void import(pathToFileURL(entry).href)
}

// Is the bundle as new as the source and the settings it was made from? An installed package has no source. Some 3 ms for 250 files.
function isCurrent(built, source) {
  const { existsSync, readdirSync, statSync } = require('node:fs')
  const { join } = require('node:path')
  const bundle = statSync(built, { throwIfNoEntry: false })
  if (!bundle) return false
  if (!existsSync(source)) return true
  const plugin = join(source, '..', '..', 'opencode-plugin', 'src')
  // A folder is newer after a file was added to it or deleted.
  return [source, plugin].every(
    (folder) =>
      !existsSync(folder) ||
      readdirSync(folder, { recursive: true })
        .concat('.', '../package.json', '../vite.config.ts')
        .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
        .every((found) => !found || found.mtimeMs <= bundle.mtimeMs),
  )
}
