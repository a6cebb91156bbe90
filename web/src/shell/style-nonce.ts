// The content security policy lets only those style elements through that carry
// the nonce of the page.

/** The page's nonce. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? ''
}

// What keeps the page from scrolling behind a dialog makes a style element, too,
// and asks for its nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() })
