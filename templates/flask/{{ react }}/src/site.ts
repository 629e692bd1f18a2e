import { ApiError, readSession, unreachable, type Session } from './api/client.ts'

export type Entry = { label: string; url: string }

/** What the server knows of the site, and of who looks at it. */
export type Site = {
  title: string
  description: string
  menu: Entry[]
  accountMenu: Entry[]
  signIn: string | null
  signOut: string | null
}

export async function readSite(): Promise<Site & { session: Session }> {
  const asked = fetch('/site.json').catch(() => Promise.reject(unreachable()))
  const [answer, session] = await Promise.all([asked, readSession()])
  if (!answer.ok) throw new ApiError(answer.status)
  reloadForOthers(session)
  return { ...((await answer.json()) as Site), session }
}

/** Load a page anew that the browser kept for its back button while somebody signed in or out. */
function reloadForOthers({ user }: Session): void {
  window.addEventListener('pageshow', async ({ persisted }) => {
    if (!persisted) return
    const now = await readSession().catch(() => undefined)
    if (now?.user?.id !== user?.id) window.location.reload()
  })
}

/** Sign out and begin anew: nothing of the former user stays in the page. */
export async function signOut(address: string): Promise<void> {
  const { csrf_token } = await readSession()
  await fetch(address, { method: 'POST', headers: { 'X-CSRFToken': csrf_token } })
  window.location.assign('/')
}

/** The address of the sign-in that leads back to this page, where the site has one. */
export function signInAddress(site: Site): string | null {
  const { pathname, search } = window.location
  return site.signIn && `${site.signIn}?next=${encodeURIComponent(pathname + search)}`
}
