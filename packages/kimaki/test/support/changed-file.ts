/** A changed file as a diff has it, made up from its lines. */
import type { ChangedFile } from '../../src/domain/changes.ts'

/** A file in which some lines were replaced by others. */
export function changedFile(path: string, before: readonly string[], after: readonly string[]): ChangedFile {
  const lines = [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)].join('\n')
  const head = `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n`
  const patch = `${head}@@ -1,${before.length} +1,${after.length} @@\n${lines}\n`
  return { path, status: 'changed', added: after.length, deleted: before.length, content: { kind: 'patch', patch } }
}
