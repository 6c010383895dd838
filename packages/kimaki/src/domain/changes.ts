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
export const isSecretName = (path: string): boolean => SECRET_NAME.test(path.slice(path.lastIndexOf('/') + 1)) || SECRET_FOLDER.test(path)

const SECRET_NAME =
  /^(?:\.env(?:\..*|rc)?|.*\.env|.*\.(?:pem|key|crt|cer|der|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|age|ovpn)|id_(?:rsa|dsa|ecdsa|ed25519)(?:\.pub)?|\.npmrc|\.pypirc|\.netrc|_netrc|\.pgpass|\.htpasswd|\.git-credentials|credentials|credentials\.json|auth\.json|service-account.*\.json|.*\.tfstate(?:\..*)?|.*\.tfvars)$/i
const SECRET_FOLDER = /(?:^|\/)\.(?:ssh|gnupg|aws|kube)\//
