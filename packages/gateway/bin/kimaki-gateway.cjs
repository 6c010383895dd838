#!/usr/bin/env node
// Runs the bundle, or the source where there is no bundle (in the repository). Written in plain ES2015 so that an old Node can say what is wrong.
'use strict'
var major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    'kimaki-gateway: Node 24 or newer is needed, this is ' + process.version + '. Install it from https://nodejs.org.\n',
  )
  process.exitCode = 64
} else start()

function start() {
  const { existsSync } = require('node:fs')
  const { join } = require('node:path')
  const { pathToFileURL } = require('node:url')
  const source = join(__dirname, '..', 'src', 'main.ts')
  const entry = existsSync(source) ? source : join(__dirname, '..', 'dist', 'main.js')
  // What fails here ends the process with its stack and 1, as it should.
  void import(pathToFileURL(entry).href)
}
