import { defineConfig } from 'vitest/config'

// One script for all pages. Its name has no hash: the server gives it one, as to its own files.
export default defineConfig({
  build: {
    rolldownOptions: {
      input: 'src/site.ts',
      output: { format: 'iife', entryFileNames: '[name].js' },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
})
