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
} else {
  var path = require('node:path')
  var url = require('node:url')
  var built = path.join(__dirname, '..', 'dist', 'entry.js')
  var source = path.join(__dirname, '..', 'src')
  var entry = isCurrent(built, source) ? built : path.join(source, 'cli', 'entry.ts')
  // What fails here ends the process with its stack and 1, as it should.
  void import(url.pathToFileURL(entry).href)
}

// Is the bundle as new as the source it was made from? An installed package has no source. Some 3 ms for 250 files.
function isCurrent(built, source) {
  var fs = require('node:fs')
  var bundle = fs.statSync(built, { throwIfNoEntry: false })
  if (!bundle) return false
  if (!fs.existsSync(source)) return true
  // A folder is newer after a file was added to it or deleted.
  return fs
    .readdirSync(source, { recursive: true })
    .concat('.', '../package.json')
    .every(function (name) {
      return fs.statSync(source + '/' + name).mtimeMs <= bundle.mtimeMs
    })
}
