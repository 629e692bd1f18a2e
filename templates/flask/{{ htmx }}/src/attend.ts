export const NO_ANSWER = 'The site does not answer. Check the connection, then try again.'

/** Do what a browser does when it loads a page, where htmx has loaded a part of one. */
export function attend(page: Document): void {
  page.addEventListener('htmx:after:swap', () => putFocus(page))
  page.addEventListener('htmx:before:history:update', keepHistoryShort)
  page.addEventListener('htmx:before:request', () => say(page, ''))
  page.addEventListener('htmx:error', () => say(page, NO_ANSWER))
}

/** Put the focus on the field that was refused, or on the content that is new. */
function putFocus(page: Document): void {
  const refused = page.querySelector<HTMLElement>('#content [aria-invalid="true"]')
  const target = refused ?? page.getElementById('content')
  if (!target) return
  if (target !== refused) target.tabIndex = -1
  target.focus({ preventScroll: target !== refused })
}

/** Let what has the address of the page that is shown, as a refused form has, take its place. */
function keepHistoryShort(event: Event): void {
  const { history } = (event as CustomEvent<{ history: { type: string; path: string } }>).detail
  if (history.path === location.pathname + location.search) history.type = 'replace'
}

/** Tell of a request that got no answer; a screen reader reads it out. */
function say(page: Document, text: string): void {
  const place = page.getElementById('failure')
  if (place) place.textContent = text
}
