import { defineConfig } from 'vite'
const OPTIONAL_NATIVES = ['zlib-sync', 'bufferutil', 'utf-8-validate']
const shape = process.env.SHAPE ?? 'min'
export default defineConfig({
  root: import.meta.dirname,
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: 'src/cli/main.ts',
    target: 'node24',
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    minify: shape==='min',
    rolldownOptions: { external: ['opencode-ai', ...OPTIONAL_NATIVES], output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' } },
  },
})
