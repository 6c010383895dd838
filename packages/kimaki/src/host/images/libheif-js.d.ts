/** What is used of libheif-js, which brings no types for its bundle. */
declare module 'libheif-js/wasm-bundle.js' {
  interface Pixels {
    readonly data: Uint8ClampedArray
    readonly width: number
    readonly height: number
  }
  interface HeifImage {
    get_width(): number
    get_height(): number
    /** Null: it cannot be decoded. */
    display(pixels: Pixels, done: (shown: Pixels | null) => void): void
  }
  const library: { readonly HeifDecoder: new () => { decode(image: Uint8Array): readonly HeifImage[] } }
  export default library
}
