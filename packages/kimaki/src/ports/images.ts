/** Images that are larger than models take. */
export interface SmallerImage {
  readonly mime: 'image/png' | 'image/jpeg'
  readonly bytes: Uint8Array
}

export interface Images {
  /**
   * At most 2000 pixels on its longer side and 5 MiB as base64, turned as its camera says; HEIC becomes JPEG. Undefined: it stays as it is, because it is small
   * enough or no image, or because this machine cannot make it smaller, not in time. Never rejects.
   */
  shrink(image: Uint8Array): Promise<SmallerImage | undefined>
  /** Nothing is left running when it resolves. */
  stop(): Promise<void>
}
