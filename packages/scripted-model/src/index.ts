export type { ModelLogEntry, ModelOptions, ModelRequest, Rule, ScriptedModel, Step, ToolCall } from './api.ts'
export { openCodeProvider, openCodeTestEnvironment } from './opencode.ts'
export type { OpenCodeConfig, OpenCodeTestEnvironment } from './opencode.ts'
export { startScriptedModel } from './server.ts'
