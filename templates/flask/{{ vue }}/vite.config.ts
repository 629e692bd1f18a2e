import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// In development the browser sees this server alone, so that cookies and the check of their origin
// are those of production.
const {
  BACKEND = 'http://127.0.0.1:8000',
  BACKEND_PATHS = '/accounts/,/api/,/static/,/site.json',
} = process.env

export default defineConfig(({ command }) => ({
  base: command === 'build' ? '/static/' : '/',
  plugins: [vue()],
  build: { assetsInlineLimit: 0 },
  server: {
    strictPort: true,
    proxy: Object.fromEntries(BACKEND_PATHS.split(',').map((path) => [path, { target: BACKEND }])),
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
}))
