#!/usr/bin/env node
// Runs the bundle where it was built, else the source. Written in plain ES2015 so that an old Node can say what is wrong.
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
  var fs = require('node:fs')
  var path = require('node:path')
  var url = require('node:url')
  var built = path.join(__dirname, '..', 'dist', 'entry.js')
  var entry = fs.existsSync(built) ? built : path.join(__dirname, '..', 'src', 'cli', 'entry.ts')
  // What fails here ends the process with its stack and 1, as it should.
  void import(url.pathToFileURL(entry).href)
}
