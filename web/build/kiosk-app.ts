// The kiosk as an app that starts without a network: a service worker that has the
// kiosk's page and its files, for addresses below /kiosk alone. It answers no request
// of the API, of a picture or of an export: it holds files of this build, by name.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

const PAGE = 'src/kiosk/kiosk-page.tsx'
/** Of what the files name, not everything is of use at a door. */
const UNUSED = /anek-devanagari-(?!devanagari|latin-wght)|licenses/

export function kioskApp(): Plugin[] {
  const needed = new Set<string>()
  const graph: Plugin = {
    name: 'hajir:kiosk-files',
    apply: 'build',
    generateBundle(_, bundle) {
      const follow = (file: string) => {
        const part = bundle[file]
        if (!part || needed.has(file) || UNUSED.test(file)) return
        needed.add(file)
        if (part.type !== 'chunk') return
        for (const next of part.imports) follow(next)
        // What is fetched later is needed too, but for other pages.
        if (part.facadeModuleId?.endsWith(PAGE)) for (const next of part.dynamicImports) follow(next)
        const { viteMetadata } = part
        for (const next of [...(viteMetadata?.importedCss ?? []), ...(viteMetadata?.importedAssets ?? [])]) follow(next)
      }
      for (const [file, part] of Object.entries(bundle)) {
        if (part.type === 'chunk' && (part.isEntry || part.facadeModuleId?.endsWith(PAGE))) follow(file)
        if (part.type === 'asset' && /face-.*\.tflite$|vision-.*\.wasm$|vision-.*\.js$|latin-wght-normal-.*\.woff2$/.test(file)) needed.add(file)
      }
    },
  }
  return [
    graph,
    ...VitePWA({
      filename: 'kiosk-worker.js',
      scope: '/kiosk',
      registerType: 'prompt',
      injectRegister: false,
      manifest: false, // public/kiosk.json
      workbox: {
        inlineWorkboxRuntime: true,
        sourcemap: false,
        globPatterns: ['index.html', 'scheme.js', 'favicon.svg', 'assets/**'],
        globIgnores: ['**/*.{br,gz}'],
        maximumFileSizeToCacheInBytes: 16_000_000,
        navigateFallback: '/kiosk',
        navigateFallbackAllowlist: [/^\/kiosk$/],
        cleanupOutdatedCaches: true,
        manifestTransforms: [
          async (entries) => ({
            manifest: await Promise.all(
              entries
                .filter(({ url }) => !url.startsWith('assets/') || needed.has(url))
                // The page, by the address at which the server fills it in.
                .map(async (entry) =>
                  entry.url === 'index.html' ? { ...entry, url: '/kiosk', revision: await digest(join(import.meta.dirname, '../dist/index.html')) } : entry,
                ),
            ),
          }),
        ],
      },
    }),
  ]
}

async function digest(file: string): Promise<string> {
  return createHash('sha256').update(await readFile(file)).digest('hex').slice(0, 16)
}
