import type * as Http from 'node:http'

/**
 * `node:http`, without its `import`: that would also make what the module only makes when it is asked for, `WebSocket` for one, and
 * with it a whole HTTP client (75 ms of 90, at every start).
 */
export const http: typeof Http = process.getBuiltinModule('node:http')
