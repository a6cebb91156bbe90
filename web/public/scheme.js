// Sets the colour scheme before the first paint, so that a dark room is never
// lit up by a white page. A file of its own because the content security
// policy allows no inline scripts.
;(function () {
  var saved = null
  try {
    saved = localStorage.getItem('mantine-color-scheme-value')
  } catch {
    // Storage may be blocked; follow the system then.
  }
  var dark =
    saved === 'dark' || (saved !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
