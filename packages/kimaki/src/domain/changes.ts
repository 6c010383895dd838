/** What was changed in the files of a folder, as people look at it. */
export interface Changes {
  /** What is compared with what, e.g. "since a1b2c3d". */
  readonly what: string
  /** By path. */
  readonly files: readonly ChangedFile[]
}

export interface ChangedFile {
  /** Relative to the folder. */
  readonly path: string
  /** Its path before it was renamed. */
  readonly from?: string
  readonly status: 'added' | 'changed' | 'deleted' | 'renamed'
  /** Lines. */
  readonly added: number
  readonly deleted: number
  readonly content: ChangedContent
}

export type ChangedContent =
  /** As Git writes it. */
  | { readonly kind: 'patch'; readonly patch: string }
  /** `data:` addresses. */
  | { readonly kind: 'images'; readonly before?: string; readonly after?: string }
  /** Nothing of what is in it. */
  | { readonly kind: 'named'; readonly why: NamedWhy }

/** `secret`: by its name it holds a password or a key. `repository`: one of its own inside this one. */
export type NamedWhy = 'secret' | 'binary' | 'large' | 'repository'

/** Files that hold passwords and keys by their name: environments, certificates, private keys, log-ins of tools. */
export const isSecretName = (path: string): boolean =>
  SECRET_NAME.test(path.slice(path.lastIndexOf('/') + 1)) || SECRET_FOLDER.test(path)

const SECRET_NAME =
  /^(?:\.env(?:\..*|rc)?|.*\.env|.*\.(?:pem|key|crt|cer|der|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|age|ovpn)|id_(?:rsa|dsa|ecdsa|ed25519)(?:\.pub)?|\.npmrc|\.pypirc|\.netrc|_netrc|\.pgpass|\.htpasswd|\.git-credentials|credentials|credentials\.json|auth\.json|service-account.*\.json|.*\.tfstate(?:\..*)?|.*\.tfvars)$/i
const SECRET_FOLDER = /(?:^|\/)\.(?:ssh|gnupg|aws|kube)\//

/** What the agent did to one file, as OpenCode tells it. */
export interface FilePatch extends Pick<ChangedFile, 'path' | 'added' | 'deleted'> {
  readonly status: 'added' | 'changed' | 'deleted'
  /** A unified diff; empty for what is no text. */
  readonly patch: string
}

/** With the head that Git gives a patch, whoever has made it. */
export const changedByAgent = ({ patch, ...file }: FilePatch): ChangedFile => ({ ...file, content: contentOf(file, patch) })

function contentOf({ path, status }: Omit<FilePatch, 'patch'>, patch: string): ChangedContent {
  if (isSecretName(path)) return { kind: 'named', why: 'secret' }
  const at = patch.search(/^@@ /m)
  if (at === -1) return { kind: 'named', why: 'binary' }
  const mode = status === 'added' ? 'new file mode 100644\n' : status === 'deleted' ? 'deleted file mode 100644\n' : ''
  const [before, after] = [status === 'added' ? '/dev/null' : `a/${path}`, status === 'deleted' ? '/dev/null' : `b/${path}`]
  return { kind: 'patch', patch: `diff --git a/${path} b/${path}\n${mode}--- ${before}\n+++ ${after}\n${patch.slice(at)}` }
}

/** Of a text of patches as Git writes them, one file after the other. */
export function changedInPatches(text: string): readonly ChangedFile[] {
  const patches = text.split(/^(?=diff --git )/m).filter((patch) => patch.startsWith('diff --git '))
  return patches.flatMap((patch) => {
    const head = patch.slice(0, Math.max(patch.search(/^@@ /m), 0) || patch.length)
    const path = /^\+\+\+ b\/(.+?)\t?$/m.exec(head)?.[1] ?? /^--- a\/(.+?)\t?$/m.exec(head)?.[1] ?? / b\/(.+)$/m.exec(head)?.[1]
    if (path === undefined) return []
    const isAdded = /^new file mode /m.test(head)
    const status = isAdded ? 'added' : /^deleted file mode /m.test(head) ? 'deleted' : 'changed'
    const lines = patch.slice(head.length)
    const [added, deleted] = [lines.match(/^\+/gm)?.length ?? 0, lines.match(/^-/gm)?.length ?? 0]
    return [changedByAgent({ path, status, added, deleted, patch })]
  })
}
