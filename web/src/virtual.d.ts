/// <reference types="vite-plugin-pwa/client" />
/** Where the program and the model are that find faces; see build/face-finder.ts. */
declare module 'virtual:face-finder' {
  export const model: string
  export const loader: string
  export const wasm: string
}
