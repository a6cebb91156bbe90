/// <reference types="vitest/config" />
import { constants } from 'node:zlib'

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compression, defineAlgorithm } from 'vite-plugin-compression2'

import { faceFinder } from './build/face-finder.ts'
import { kioskApp } from './build/kiosk-app.ts'

// public/README.md lands in dist with every build: Go embeds web/dist, and the
// committed README keeps that directory there before the first build.
export default defineConfig({
  plugins: [
    react(),
    // The program sends these where the browser takes them; see internal/server.
    compression({ algorithms: ['brotliCompress', 'gzip'], include: /\.(js|css|svg|json|txt)$/, threshold: 1000 }),
    // Ten megabytes, which the best compression takes half a minute for.
    compression({ algorithms: [defineAlgorithm('brotliCompress', { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })], include: /\.(wasm|tflite)$/ }),
    faceFinder(),
    kioskApp(),
  ],
  build: {
    // The content security policy forbids inline and data: scripts and fonts.
    assetsInlineLimit: 0,
    // The site is handed on with the program, so its parts' licences are too.
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      output: {
        // Libraries change less often than the site: their own file stays cached.
        codeSplitting: {
          groups: [{ name: 'vendor', test: /node_modules\/(react|react-dom|scheduler|@tanstack|i18next|react-i18next|openapi-fetch)\// }],
        },
      },
    },
    chunkSizeWarningLimit: 950,
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/api': 'http://127.0.0.1:8080', '/openapi.json': 'http://127.0.0.1:8080' },
  },
  test: {
    // Rules need no browser; the few tests that do say so in their first line.
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/jsdom.test-env.ts'],
    testTimeout: 60_000, // a busy machine is no failure
    restoreMocks: true,
  },
})
