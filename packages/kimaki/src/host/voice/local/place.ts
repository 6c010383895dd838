/** Where `kimaki voice install` puts what this machine needs to write speech down: `voice/` in the data folder. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export interface LocalFiles {
  /** The folder with a `node_modules` of its own. */
  readonly root: string
  readonly encoder: string
  readonly decoder: string
  readonly tokens: string
  /** Written last: with it, all the rest is there. */
  readonly complete: string
}

export function localFilesIn(dataDir: string): LocalFiles {
  const root = join(dataDir, 'voice')
  return {
    root,
    encoder: join(root, 'model', 'encoder_model.onnx'),
    decoder: join(root, 'model', 'decoder_model_merged.onnx'),
    tokens: join(root, 'model', 'tokens.txt'),
    complete: join(root, 'complete.json'),
  }
}

export const isInstalled = (dataDir: string): boolean => existsSync(localFilesIn(dataDir).complete)
