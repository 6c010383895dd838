/** What a page shows: written into it as JSON by whoever makes it, and read by its program. */
export interface PageData {
  /** The project. */
  readonly title: string
  /** What is compared with what. */
  readonly what: string
  /** Of several pages that show one comparison together: which one this is, from 1. */
  readonly part?: { readonly number: number; readonly of: number }
  readonly files: readonly PageFile[]
}

export interface PageFile {
  /** Relative to the folder of the project. */
  readonly path: string
  /** Its path before it was renamed. */
  readonly from?: string
  readonly status: 'added' | 'changed' | 'deleted' | 'renamed'
  /** Lines. */
  readonly added: number
  readonly deleted: number
  readonly shown: Shown
}

export type Shown =
  /** `patch`: as Git writes it, with the names of the file as they are. `language`: one of those that the page has been given. */
  | { readonly kind: 'patch'; readonly patch: string; readonly language?: string; readonly collapsed?: string }
  /** Before and after, as `data:` addresses. */
  | { readonly kind: 'images'; readonly before?: string; readonly after?: string }
  /** Nothing of what is in it; `why` is one sentence. */
  | { readonly kind: 'named'; readonly why: string }
